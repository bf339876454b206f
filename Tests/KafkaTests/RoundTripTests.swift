import Kafka
import Testing

/// What is written is what is read.
@Suite(.timeLimit(.minutes(2))) struct RoundTripTests {
    @Test func recordsKeepEveryPart() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("parts")
        let producer = try cluster.producer()
        let records = [
            ProducerRecord(
                topic: topic, key: Array("k".utf8), value: Array("v".utf8),
                headers: [
                    KafkaHeader(name: "a", text: "1"), KafkaHeader(name: "a", text: "zwei 二"),
                    KafkaHeader(name: "none", value: []),
                    KafkaHeader(name: "bytes", value: [0, 255, 0]),
                ]),
            ProducerRecord(topic: topic, key: nil, value: [0, 1, 2]),
            ProducerRecord(topic: topic, key: [], value: []),
        ]
        let acknowledged = try await producer.send(records)
        let place = TopicPartition(topic: topic, partition: 0)
        #expect(acknowledged == (0..<3).map { Acknowledgement(topicPartition: place, offset: $0) })
        #expect(producer.acknowledgedEnds == [place: 3])
        #expect(producer.queueLength == 0)
        #expect(producer.isConnected)

        let reader = try cluster.reader(topic)
        let read = try await reader.read(3)
        #expect(read.map(\.offset) == [0, 1, 2])
        #expect(read.map(\.key) == records.map(\.key))
        #expect(read.map(\.value) == records.map(\.value))
        #expect(read.map(\.headers) == records.map(\.headers))
        #expect(read.allSatisfy { !$0.isTombstone && $0.topicPartition == place })
        #expect(read.allSatisfy { ($0.timestampMilliseconds ?? 0) > 1_600_000_000_000 })
        #expect(await reader.endOffsets() == [place: 3])
        await reader.close()
        await producer.close()
    }

    @Test func largeValuesPassThroughSmallFetches() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("large")
        let producer = try cluster.producer()
        let value = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        _ = try await producer.send(
            (0..<4).map { _ in ProducerRecord(topic: topic, value: value) })
        let reader = try cluster.reader(
            topic, limits: ConsumerLimits(queuedBytes: 1 << 18, batchBytes: 1 << 20))
        let read = try await reader.read(4)
        #expect(read.allSatisfy { $0.value == value })
        await reader.close()
        await producer.close()
    }

    @Test func orderIsKeptPerKey() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("order", partitions: 4)
        let producer = try cluster.producer()
        let keys = (0..<16).map { "key-\($0)" }
        for round in 0..<20 {
            _ = try await producer.send(
                keys.flatMap { key in
                    (0..<10).map { number in
                        ProducerRecord(
                            topic: topic, key: Array(key.utf8),
                            value: Array("\(round * 10 + number)".utf8))
                    }
                })
        }
        let reader = try cluster.reader(topic)
        let read = try await reader.read(keys.count * 200)
        #expect(Set(read.map(\.partition)).count > 1)
        for key in keys {
            let ofKey = read.filter { $0.key == Array(key.utf8) }
            #expect(ofKey.map(number) == Array(0..<200))
            #expect(Set(ofKey.map(\.partition)).count == 1)
        }
        await reader.close()
        await producer.close()
    }

    @Test func pollsReturnNoMoreThanRequested() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("bounded")
        try await cluster.fill(topic, 100)
        let reader = try cluster.reader(topic)
        var read: [KafkaRecord] = []
        while read.count < 100 {
            let some = try await reader.poll(maxRecords: 7, wait: .seconds(1))
            #expect(some.count <= 7)
            read += some
        }
        #expect(read.map(\.offset) == Array(0..<100))
        await reader.close()
    }
}
