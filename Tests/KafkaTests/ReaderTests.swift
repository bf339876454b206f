import Kafka
import Testing

/// Reading without a group.
@Suite(.timeLimit(.minutes(2))) struct ReaderTests {
    @Test func endMeansWhatIsWrittenAfterwards() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("end", partitions: 3)
        // Several batches: the embedded broker names the last one's start as the end.
        for _ in 0..<3 { try await cluster.fill(topic, 50, partition: 0) }
        try await cluster.fill(topic, 1, partition: 1)
        let reader = try cluster.reader(topic, from: .end)
        try await reader.waitUntilPositioned()
        #expect(await reader.endOffsets().count == 3)
        for partition in Int32(0)..<3 { try await cluster.fill(topic, 5, partition: partition) }
        let read = try await reader.read(15)
        #expect(read.filter { $0.partition == 0 }.map(\.offset) == Array(150..<155))
        #expect(read.filter { $0.partition == 1 }.map(\.offset) == Array(1..<6))
        #expect(read.filter { $0.partition == 2 }.map(\.offset) == Array(0..<5))
        #expect(try await reader.poll(maxRecords: 10, wait: .milliseconds(200)).isEmpty)
        await reader.close()
    }

    @Test func readingBeginsAtAnOffset() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("at", partitions: 3)
        for _ in 0..<3 { try await cluster.fill(topic, 50, partition: 0) }
        try await cluster.fill(topic, 4, partition: 1)
        try await cluster.fill(topic, 2, partition: 2)
        func place(_ partition: Int32) -> TopicPartition {
            TopicPartition(topic: topic, partition: partition)
        }
        // In the middle of a batch; at the end, where nothing comes; not named.
        let reader = try cluster.reader(topic, from: .at([place(0): 120, place(1): 4]))
        let read = try await reader.read(32)
        #expect(read.filter { $0.partition == 0 }.map(\.offset) == Array(120..<150))
        #expect(read.filter { $0.partition == 1 }.isEmpty)
        #expect(read.filter { $0.partition == 2 }.map(\.offset) == [0, 1])
        try await reader.waitUntilPositioned()
        #expect(await reader.endOffsets() == [place(0): 150, place(1): 4, place(2): 2])
        await reader.close()
    }

    @Test func waitsForATopicThatIsNotThereYet() async throws {
        let cluster = try await Cluster.make()
        let topic = await cluster.group()
        let reader = try cluster.reader(topic)
        let error = await #expect(throws: KafkaError.self) {
            try await reader.waitUntilPositioned(timeout: .milliseconds(700))
        }
        #expect(error?.reason.contains(topic) == true)
        let results = try await cluster.admin.createTopics([
            TopicSpecification(name: topic, partitions: 1)
        ])
        #expect(results.map(\.error) == [nil])
        try await reader.waitUntilPositioned()
        try await cluster.fill(topic, 3)
        #expect(try await reader.read(3).map(number) == [0, 1, 2])
        await reader.close()
    }

    @Test func closingEndsWhatWaits() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("closing")
        let reader = try cluster.reader(topic)
        let waiting = Task { try await reader.poll(maxRecords: 1, wait: .seconds(60)) }
        try await reader.waitUntilPositioned()
        await reader.close()
        await reader.close()
        let result = await waiting.result
        // The poll may come after the close as well; the answer is the same.
        #expect(throws: KafkaError.self) { try result.get() }
        await #expect(throws: KafkaError.self) {
            try await reader.poll(maxRecords: 1, wait: .seconds(60))
        }
    }

    @Test func endsWithItsOwner() async throws {
        let cluster = try await Cluster.make()
        let topic = try await cluster.topic("owner")
        weak var released: KafkaReader?
        do {
            let reader = try cluster.reader(topic)
            try await reader.waitUntilPositioned()
            released = reader
        }
        #expect(released == nil)
    }
}
