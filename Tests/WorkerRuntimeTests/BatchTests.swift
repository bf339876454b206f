import Kafka
import Store
import Testing

@testable import WorkerRuntime

@Suite struct BatchTests {
    private func batch(
        _ places: [(Int32, Int64)], from starts: [Int32: Int64] = [:]
    ) -> Batch<Int64> {
        Batch(
            entries: places.map { partition, offset in
                .init(
                    record: KafkaRecord(
                        topicPartition: TopicPartition(topic: "t", partition: partition),
                        offset: offset, key: nil, value: []), preparation: .ready(offset))
            }, starts: positions(starts))
    }

    private func positions(_ all: [Int32: Int64]) -> [TopicPartition: Int64] {
        Dictionary(
            uniqueKeysWithValues: all.map { (TopicPartition(topic: "t", partition: $0), $1) })
    }

    private func sorted(_ moves: [MoveOffsets.Move]) -> [[Int64]] {
        moves.map { [Int64($0.partition), $0.seen, $0.next] }.sorted { $0[0] < $1[0] }
    }

    @Test func aBatchMovesEachPartitionPastItsLastRecord() {
        let batch = batch([(0, 5), (0, 6), (1, 100), (0, 9)], from: [0: 5, 1: 98, 2: 7])
        // The log may skip offsets, at the front of a batch as well.
        #expect(sorted(batch.moves) == [[0, 5, 10], [1, 98, 101]])
        #expect(batch.sources == ["t/0", "t/1"])
    }

    @Test func aPausedBatchEndsBeforeTheRecordThatIsOneTooMany() {
        let why = Poison(reason: "r", error: "e")
        let (first, second) = (
            TopicPartition(topic: "t", partition: 0), TopicPartition(topic: "t", partition: 1)
        )
        let whole = batch([(0, 5), (1, 100), (0, 6), (1, 101), (0, 7)], from: [0: 5, 1: 100])
        let rest = whole.paused(
            at: PoisonLimitError(
                limit: 1,
                first: [
                    first: .init(offset: 6, poison: why), second: .init(offset: 100, poison: why),
                ]))
        // The second partition moves nowhere, but its row is locked and compared.
        #expect(sorted(rest.moves) == [[0, 5, 6], [1, 100, 100]])
        #expect(rest.entries.map(\.record.offset) == [5])
        let pauses = rest.storedPauses
        #expect(pauses.map(\.offset) == [6, 100])
        #expect(pauses.allSatisfy { $0.reason == .poisonLimit })
        #expect(pauses[0].detail.contains("offset 6"))
    }

    @Test func aBatchOfEndsMovesOffsetsWithoutRecords() {
        let ends = Batch<Int64>(starts: positions([0: 5, 1: 7]), ends: positions([0: 6]))
        #expect(sorted(ends.moves) == [[0, 5, 6]])
        #expect(ends.entries.isEmpty)
        #expect(ends.partitions.isEmpty)
    }

    @Test func workInParallelKeepsItsOrder() async {
        for count in [0, 1, 63, 64, 65, 66, 257, 5_000] {
            let numbers = Array(0..<count)
            #expect(await numbers.mappedInParallel { $0 * 2 } == numbers.map { $0 * 2 })
            #expect(
                await numbers.dropFirst(3).mappedInParallel { $0 }
                    == Array(numbers.dropFirst(3)))
        }
    }
}
