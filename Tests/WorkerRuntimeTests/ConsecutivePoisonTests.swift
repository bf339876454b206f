import Kafka
import Testing

@testable import WorkerRuntime

@Suite struct ConsecutivePoisonTests {
    private let why = Poison(reason: "r", error: "e")

    private func batch(_ count: Int) -> Batch<Int> {
        Batch(
            entries: (0..<count).map { offset in
                .init(
                    record: KafkaRecord(
                        topicPartition: TopicPartition(topic: "t", partition: 0),
                        offset: Int64(offset), key: nil, value: []), preparation: .ready(offset))
            }, starts: [:])
    }

    private func following(
        _ length: Int, _ count: Int, poison: some Sequence<Int>, limit: Int
    ) throws -> Int {
        let poison = Dictionary(uniqueKeysWithValues: poison.map { ($0, why) })
        return try ConsecutivePoison(length: length)
            .following(batch(count), poison: poison, limit: limit).length
    }

    @Test func aRunAsLongAsTheLimitIsAllowedAndOneMoreIsNot() throws {
        #expect(try following(0, 3, poison: 0..<3, limit: 3) == 3)
        let error = #expect(throws: PoisonLimitError.self) {
            try following(0, 4, poison: 0..<4, limit: 3)
        }
        #expect(error?.record.offset == 3)
    }

    @Test func aRunContinuesFromTheBatchBefore() throws {
        #expect(try following(2, 1, poison: [0], limit: 3) == 3)
        #expect(throws: PoisonLimitError.self) { try following(3, 1, poison: [0], limit: 3) }
    }

    @Test func aGoodRecordEndsTheRun() throws {
        #expect(try following(2, 4, poison: [0, 2, 3], limit: 3) == 2)
        #expect(try following(3, 1, poison: [], limit: 3) == 0)
    }

    @Test func noLimitAllowsAnyRun() throws {
        #expect(try following(9, 50, poison: 0..<50, limit: 0) == 59)
    }
}
