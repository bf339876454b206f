import Events
import Foundation
import Kafka
import Payments
import Store

extension DeadLetter {
    /// The dead letter of a record that a worker can't process.
    /// - Parameter topicID: the broker's id of its topic; empty where it gives none.
    init(
        id: EventID, record: KafkaRecord, topicID: String, worker: String, poison: Poison
    ) {
        let origin = record.headers.last { $0.name == ReplayHeader.from }
            .flatMap { UUID(uuidString: String(decoding: $0.value, as: UTF8.self)) }
        let replays = record.headers.last { $0.name == ReplayHeader.count }
            .flatMap { Int32(String(decoding: $0.value, as: UTF8.self)) }
        self.init(
            id: id, worker: worker, originTopic: record.topicPartition.topic,
            originTopicID: topicID, originPartition: record.topicPartition.partition,
            originOffset: record.offset,
            key: record.key, value: record.value,
            headers: record.headers.map { OutgoingEvent.Header($0.name, $0.value) },
            reason: poison.reason, error: poison.error,
            // Any producer may write the header.
            replayCount: min(max(replays ?? 0, 0), 1_000_000),
            replayedFrom: origin.map(EventID.init))
    }

    /// The dead letter as an event of the `dead-letters` topic: the origin's key and value
    /// unchanged. A value that the topic doesn't take is left out; the table has it.
    func mirrored() -> OutgoingEvent {
        var headers: [OutgoingEvent.Header] = [
            .init("origin-topic", originTopic),
            .init("origin-partition", String(originPartition)),
            .init("origin-offset", String(originOffset)),
            .init("worker", worker),
            .init("reason", reason),
            .init("error", error),
            .init("dead-letter-id", id.description),
        ]
        if let trace = self.headers.last(where: { $0.name == "traceparent" }) {
            headers.append(trace)
        }
        let whole = OutgoingEvent(topic: "dead-letters", key: key, value: value, headers: headers)
        guard whole.byteCount > EventSize.mirrorLimit else { return whole }
        headers.append(.init("value-omitted-bytes", String(value.count)))
        return OutgoingEvent(topic: "dead-letters", key: nil, value: [], headers: headers)
    }
}
