import Kafka
import Testing

@testable import WorkerRuntime

@Suite struct ConsecutivePoisonTests {
    private let why = Poison(reason: "r", error: "e")
    private let place = TopicPartition(topic: "t", partition: 0)
    private let other = TopicPartition(topic: "t", partition: 1)

    private func batch(_ places: [TopicPartition]) -> Batch<Int> {
        Batch(
            entries: places.enumerated().map { offset, place in
                .init(
                    record: KafkaRecord(
                        topicPartition: place, offset: Int64(offset), key: nil, value: []),
                    preparation: .ready(offset))
            }, starts: [:])
    }

    private func following(
        _ lengths: [TopicPartition: Int], _ places: [TopicPartition],
        poison: some Sequence<Int>, limit: Int
    ) throws -> [TopicPartition: Int] {
        let poison = Dictionary(uniqueKeysWithValues: poison.map { ($0, why) })
        return try ConsecutivePoison(lengths: lengths)
            .following(batch(places), poison: poison, limit: limit).lengths
    }

    private func repeated(_ count: Int) -> [TopicPartition] {
        Array(repeating: place, count: count)
    }

    @Test func aRunAsLongAsTheLimitIsAllowedAndOneMoreIsNot() throws {
        #expect(try following([:], repeated(3), poison: 0..<3, limit: 3) == [place: 3])
        let error = #expect(throws: PoisonLimitError.self) {
            try following([:], repeated(6), poison: 0..<6, limit: 3)
        }
        #expect(error?.first == [place: .init(offset: 3, poison: why)])
    }

    @Test func aRunContinuesFromTheBatchBefore() throws {
        #expect(try following([place: 2], repeated(1), poison: [0], limit: 3) == [place: 3])
        #expect(throws: PoisonLimitError.self) {
            try following([place: 3], repeated(1), poison: [0], limit: 3)
        }
    }

    @Test func aGoodRecordEndsTheRun() throws {
        #expect(try following([place: 2], repeated(4), poison: [0, 2, 3], limit: 3) == [place: 2])
        #expect(try following([place: 3], repeated(1), poison: [], limit: 3) == [place: 0])
    }

    @Test func eachPartitionHasItsOwnRun() throws {
        let mixed = [place, other, place, other, place]
        #expect(
            try following([other: 1], mixed, poison: [0, 2, 4], limit: 3) == [place: 3, other: 0])
        let error = #expect(throws: PoisonLimitError.self) {
            try following([:], mixed, poison: 0..<5, limit: 2)
        }
        #expect(error?.first.keys.sorted() == [place])
    }

    @Test func whatAnOperatorAllowedComesBeforeTheLimit() throws {
        #expect(try following([place: -5], repeated(6), poison: 0..<6, limit: 3) == [place: 1])
    }

    @Test func noLimitAllowsAnyRun() throws {
        #expect(try following([place: 9], repeated(50), poison: 0..<50, limit: 0) == [place: 59])
    }
}
