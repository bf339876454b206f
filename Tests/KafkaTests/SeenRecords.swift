import Kafka
import Synchronization

/// What the members of a group have read, and the offsets as a database would keep them.
final class SeenRecords: Sendable {
    struct State {
        var offsets: [TopicPartition: Int64] = [:]
        var owners: [TopicPartition: Int] = [:]
        /// Records read, each once.
        var count = 0
        /// Records read again.
        var repeats = 0

        func owned(by member: Int) -> Int { owners.values.count { $0 == member } }
    }

    private struct Waiter {
        let isSo: @Sendable (State) -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct Guarded {
        var state = State()
        var waiters: [Waiter] = []
    }

    private let guarded = Mutex(Guarded())

    var repeats: Int { guarded.withLock { $0.state.repeats } }

    func take(_ partitions: [TopicPartition], _ member: Int) -> [TopicPartition: Int64] {
        change { state in
            for partition in partitions { state.owners[partition] = member }
            return Dictionary(
                partitions.map { ($0, state.offsets[$0] ?? KafkaOffset.beginning) }
            ) { $1 }
        }
    }

    func drop(_ partitions: [TopicPartition], _ member: Int) {
        change { state in
            for partition in partitions where state.owners[partition] == member {
                state.owners[partition] = nil
            }
        }
    }

    func record(_ records: [KafkaRecord]) {
        change { state in
            for record in records {
                let expected = state.offsets[record.topicPartition] ?? 0
                if record.offset < expected { state.repeats += 1 } else { state.count += 1 }
                state.offsets[record.topicPartition] = max(expected, record.offset + 1)
            }
        }
    }

    /// Returns once it is so; the test's time limit is the only one.
    func waitUntil(_ isSo: @escaping @Sendable (State) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isNow = guarded.withLock { guarded in
                if isSo(guarded.state) { return true }
                guarded.waiters.append(Waiter(isSo: isSo, continuation: continuation))
                return false
            }
            if isNow { continuation.resume() }
        }
    }

    private func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value {
        let (value, satisfied) = guarded.withLock { guarded in
            let value = body(&guarded.state)
            let satisfied = guarded.waiters.filter { $0.isSo(guarded.state) }
            guarded.waiters.removeAll { $0.isSo(guarded.state) }
            return (value, satisfied)
        }
        for waiter in satisfied { waiter.continuation.resume() }
        return value
    }
}
