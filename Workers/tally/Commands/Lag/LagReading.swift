import Composition
import Kafka
import Store

/// Where a worker stands in one partition.
struct PartitionLag: Sendable, Equatable {
    let worker: String
    let topic: String
    let partition: Int32
    /// The next offset; `nil` where none was ever stored.
    let stored: Int64?
    /// One past the last record; `nil` where the partition's broker didn't say in time.
    let end: Int64?
    /// When the first record was made that isn't processed, in milliseconds since 1970.
    let oldestMilliseconds: Int64?

    /// Records that wait.
    var lag: Int64? { end.map { max(0, $0 - (stored ?? 0)) } }

    func oldestSeconds(atMicroseconds now: Int64) -> Double? {
        oldestMilliseconds.map { max(0, Double(now) / 1_000_000 - Double($0) / 1_000) }
    }
}

/// Asks the broker how far the partitions go and when the first record was made that waits.
///
/// A fetch at the stored offset tells both: its own word on the end, and the record. Asked for the
/// end directly, a broker may name less.
struct LagReading {
    let kafka: KafkaSettings
    /// For each of the two steps.
    var limit: Duration = .seconds(5)

    func lines(of stored: [AllStoredOffsets.Row]) async throws -> [PartitionLag] {
        var places: [Place: Int64?] = [:]
        var read: Set<TopicPartition> = []
        for topic in try await topics() {
            let readers = Set(stored.filter { $0.topic == topic.name }.map(\.worker))
                .union(Role.readers[topic.name].map { [$0] } ?? [])
            for partition in 0..<Int32(topic.partitions) where !readers.isEmpty {
                let place = TopicPartition(topic: topic.name, partition: partition)
                read.insert(place)
                for worker in readers { places[Place(worker: worker, at: place)] = .some(nil) }
            }
        }
        for row in stored {
            let at = TopicPartition(topic: row.topic, partition: row.partition)
            if read.contains(at) { places[Place(worker: row.worker, at: at)] = row.nextOffset }
        }
        guard !read.isEmpty else { return [] }
        // Two workers of one topic would need two readings; the one behind is the one to look at.
        var starts: [TopicPartition: Int64] = [:]
        for (place, offset) in places {
            starts[place.at] = min(starts[place.at] ?? .max, offset ?? 0)
        }
        let look = try await look(at: starts)
        return places.sorted { $0.key < $1.key }.map { place, offset in
            PartitionLag(
                worker: place.worker, topic: place.at.topic, partition: place.at.partition,
                stored: offset, end: look.ends[place.at],
                oldestMilliseconds: look.oldest[place.at])
        }
    }

    private func topics() async throws -> [TopicDescription] {
        do throws(KafkaError) {
            return try await KafkaAdmin(
                settings: kafka, timeout: limit, logger: Terminal.quietLogger
            ).listTopics()
        } catch {
            throw away(error)
        }
    }

    private func look(at starts: [TopicPartition: Int64]) async throws -> Look {
        let reader: KafkaReader
        do throws(KafkaError) {
            reader = try KafkaReader(
                settings: kafka, topics: Set(starts.keys.map(\.topic)).sorted(), from: .at(starts),
                limits: ConsumerLimits(queuedBytes: 4 << 20, queuedMessages: 1),
                logger: Terminal.quietLogger)
        } catch {
            throw away(error)
        }
        let result = await read(reader, starts)
        await reader.close()
        return try result.get()
    }

    private func read(
        _ reader: KafkaReader, _ starts: [TopicPartition: Int64]
    ) async -> Result<Look, CommandError> {
        let deadline = ContinuousClock.now + limit
        var look = Look()
        var trouble: KafkaError?
        while ContinuousClock.now < deadline, !look.isWhole(starts), trouble?.isFatal != true {
            do throws(KafkaError) {
                // The first record of each partition that has one; the rest isn't kept.
                for record in try await reader.poll(maxRecords: 1_000, wait: .milliseconds(200))
                where look.oldest[record.topicPartition] == nil {
                    look.oldest[record.topicPartition] = record.timestampMilliseconds
                }
                look.ends = await reader.endOffsets()
            } catch {
                // A slow broker's first answer may be late; there is time until the deadline.
                trouble = error
            }
        }
        if look.ends.isEmpty, let error = trouble ?? reader.lastError {
            return .failure(away(error))
        }
        return .success(look)
    }

    /// What the fetches said.
    private struct Look {
        var ends: [TopicPartition: Int64] = [:]
        var oldest: [TopicPartition: Int64] = [:]

        func isWhole(_ starts: [TopicPartition: Int64]) -> Bool {
            starts.allSatisfy { place, start in
                ends[place].map { $0 <= start || oldest[place] != nil } ?? false
            }
        }
    }

    private func away(_ error: KafkaError) -> CommandError {
        CommandError(
            "the broker at \(kafka.brokers) does not answer: \(error); see that it runs and that "
                + "TALLY_KAFKA_BROKERS is right")
    }

    private struct Place: Hashable, Comparable {
        let worker: String
        let at: TopicPartition

        static func < (left: Place, right: Place) -> Bool {
            (left.worker, left.at) < (right.worker, right.at)
        }
    }
}
