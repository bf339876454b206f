import Kafka
import Synchronization

/// A group's member that records what it reads.
final class Member: Sendable {
    private static let numbers = Mutex(0)

    let id: Int
    private let consumer: KafkaConsumer
    private let seen: SeenRecords
    private let isStopping = Mutex(false)

    init(_ consumer: KafkaConsumer, _ seen: SeenRecords) {
        self.consumer = consumer
        self.seen = seen
        id = Self.numbers.withLock { number in
            number += 1
            return number
        }
    }

    func stop() { isStopping.withLock { $0 = true } }

    func run() async throws {
        while !isStopping.withLock({ $0 }) {
            switch try await consumer.poll(maxRecords: 100, wait: .milliseconds(100)) {
            case .records(let records): seen.record(records)
            case .assigned(let partitions):
                try await consumer.assign(seen.take(partitions, id))
            case .revoked(let partitions, _): seen.drop(partitions, id)
            case .idle, .ends: continue
            }
        }
        await consumer.close()
    }
}
