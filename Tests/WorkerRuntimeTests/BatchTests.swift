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

    @Test func halvesKeepEveryRecordAndTheOrderOfAPartition() {
        for count in 2..<40 {
            let whole = batch(
                (0..<count).map { (Int32($0 % 3), Int64($0)) }, from: [0: 0, 1: 0, 2: 0])
            let (first, second) = whole.halves
            #expect(!first.entries.isEmpty && !second.entries.isEmpty)
            let offsets = (first.entries + second.entries).map(\.record.offset)
            #expect(offsets == whole.entries.map(\.record.offset))
            // The second half starts at the first's ends.
            var stored = whole.starts
            for move in first.moves + second.moves {
                let partition = TopicPartition(topic: "t", partition: move.partition)
                #expect(stored[partition] == move.seen)
                stored[partition] = move.next
            }
            #expect(stored == whole.starts.merging(whole.ends) { $1 })
        }
    }

    @Test func aPoisonedBatchIsPoisonThroughout() {
        let why = Poison(reason: "r", error: "e")
        for entry in batch([(0, 1), (1, 2)]).poisoned(why).entries {
            guard case .poison(let seen) = entry.preparation else {
                Issue.record("not poison")
                continue
            }
            #expect(seen == why)
        }
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
