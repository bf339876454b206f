import Composition
import Kafka
import Store

/// One worker's offsets in one partition.
struct PartitionLag: Sendable, Equatable {
    let worker: String
    let topic: String
    let partition: Int32
    /// The next offset; `nil` where none was ever stored.
    let stored: Int64?
    /// One past the last record; `nil` where the partition's leader didn't answer in time.
    let end: Int64?
    /// When the first record was made that isn't processed, in milliseconds since 1970.
    let oldestMilliseconds: Int64?
    /// Why the worker doesn't read it until an operator releases it; `nil` where it does.
    let pauseReason: PauseReason?

    /// Records whose effect isn't stored.
    var lag: Int64? { end.map { max(0, $0 - (stored ?? 0)) } }

    func oldestSeconds(atMicroseconds now: Int64) -> Double? {
        oldestMilliseconds.map { max(0, Double(now) / 1_000_000 - Double($0) / 1_000) }
    }
}

/// Reads the partitions' end offsets and the time of the first record that isn't processed.
///
/// A fetch at the stored offset returns both: the high watermark and the record. ListOffsets isn't
/// used, because the embedded broker answers it with less.
struct LagReading {
    let settings: Settings
    private var kafka: KafkaSettings { settings.kafka }

    func lines(of stored: [AllStoredOffsets.Row]) async throws -> [PartitionLag] {
        var places: [Place: Int64?] = [:]
        var pauses: [Place: PauseReason] = [:]
        var read: Set<TopicPartition> = []
        for topic in try await CommandBroker.topics(settings) {
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
            guard read.contains(at) else { continue }
            let place = Place(worker: row.worker, at: at)
            places[place] = row.nextOffset
            pauses[place] = row.pauseReason
        }
        guard !read.isEmpty else { return [] }
        // Where two workers read a topic, the fetch starts at the lower of their offsets.
        var starts: [TopicPartition: Int64] = [:]
        for (place, offset) in places {
            starts[place.at] = min(starts[place.at] ?? .max, offset ?? 0)
        }
        let look = try await look(at: starts)
        return places.sorted { $0.key < $1.key }.map { place, offset in
            PartitionLag(
                worker: place.worker, topic: place.at.topic, partition: place.at.partition,
                stored: offset, end: look.ends[place.at],
                oldestMilliseconds: look.oldest[place.at], pauseReason: pauses[place])
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
            throw CommandBroker.unavailable(kafka, error)
        }
        let result = await read(reader, starts)
        await reader.close()
        return try result.get()
    }

    private func read(
        _ reader: KafkaReader, _ starts: [TopicPartition: Int64]
    ) async -> Result<Look, CommandError> {
        let deadline = ContinuousClock.now + CommandBroker.limit
        var look = Look()
        var failure: KafkaError?
        while ContinuousClock.now < deadline, !look.isWhole(starts), failure?.isFatal != true {
            do throws(KafkaError) {
                // The first record of each partition that has one; the rest isn't kept.
                for record in try await reader.poll(maxRecords: 1_000, wait: .milliseconds(200))
                where look.oldest[record.topicPartition] == nil {
                    look.oldest[record.topicPartition] = record.timestampMilliseconds
                }
                look.ends = await reader.endOffsets()
            } catch {
                // The first response of a slow broker may be late; retry until the deadline.
                failure = error
            }
        }
        if look.ends.isEmpty, let error = failure ?? reader.lastError {
            return .failure(CommandBroker.unavailable(kafka, error))
        }
        return .success(look)
    }

    /// What the fetches returned.
    private struct Look {
        var ends: [TopicPartition: Int64] = [:]
        var oldest: [TopicPartition: Int64] = [:]

        func isWhole(_ starts: [TopicPartition: Int64]) -> Bool {
            starts.allSatisfy { place, start in
                ends[place].map { $0 <= start || oldest[place] != nil } ?? false
            }
        }
    }

    private struct Place: Hashable, Comparable {
        let worker: String
        let at: TopicPartition

        static func < (left: Place, right: Place) -> Bool {
            (left.worker, left.at) < (right.worker, right.at)
        }
    }
}
