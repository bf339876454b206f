import Events
import Foundation
import Kafka
import TestStack
import TestWaiting

extension Feed {
    /// Publishes a submission that no worker will see.
    func plant(_ number: Int) async throws -> Acknowledgement {
        try await plantWithEventID(number).0
    }

    /// The same, with its `event_id`.
    func plantWithEventID(_ number: Int) async throws -> (Acknowledgement, String) {
        let record = try plantedSubmission(number)
        let event = try EventCodec.decode(OrderSubmitted.self, from: record.value)
        guard let place = try await send([record]).first else {
            throw DeadlineError(description: "nothing was published")
        }
        return (place, event.envelope.eventID.description)
    }

    /// Publishes an event as a worker would.
    func publish(_ event: String, key: String, to topic: String) async throws {
        _ = try await send([
            ProducerRecord(topic: topic, key: Array(key.utf8), value: Array(event.utf8))
        ])
    }
}
