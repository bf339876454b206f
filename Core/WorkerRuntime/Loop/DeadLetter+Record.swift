import Events
import Foundation
import Kafka
import Payments
import Store

extension DeadLetter {
    /// The dead letter of a record that a worker can't process.
    init(id: EventID, record: KafkaRecord, worker: String, poison: Poison) {
        let origin = record.headers.last { $0.name == ReplayHeader.from }
            .flatMap { UUID(uuidString: String(decoding: $0.value, as: UTF8.self)) }
        let replays = record.headers.last { $0.name == ReplayHeader.count }
            .flatMap { Int32(String(decoding: $0.value, as: UTF8.self)) }
        self.init(
            id: id, worker: worker, originTopic: record.topicPartition.topic,
            originPartition: record.topicPartition.partition, originOffset: record.offset,
            key: record.key, value: record.value,
            headers: record.headers.map { OutgoingEvent.Header($0.name, $0.value) },
            reason: poison.reason, error: String(poison.error.prefix(1000)),
            replayCount: replays ?? 0, replayedFrom: origin.map(EventID.init))
    }

    /// The dead letter as an event of the `dead-letters` topic: the origin's key and value
    /// unchanged.
    func mirrored() -> OutgoingEvent {
        let trace = headers.last { $0.name == "traceparent" }
        return OutgoingEvent(
            topic: "dead-letters", key: key, value: value,
            headers: [
                .init("origin-topic", originTopic),
                .init("origin-partition", String(originPartition)),
                .init("origin-offset", String(originOffset)),
                .init("worker", worker),
                .init("reason", reason),
                .init("error", error),
                .init("dead-letter-id", id.description),
            ] + (trace.map { [$0] } ?? []))
    }
}
