import Crypto
import Events
import Kafka
import Payments
import WorkerRuntime

/// A decoded submission. A class: it has some thirty fields, and every step of the batch passes it
/// on.
final class Submission: Sendable {
    let event: OrderSubmitted
    /// SHA-256 of the order's business content: equal digests make a repeat the same order.
    let contentDigest: [UInt8]
    /// Whether the gateway that took it builds the pay URL itself.
    let isAnsweredByGateway: Bool
    /// W3C trace context of the order and all its events; made here where the record has none.
    let traceparent: String
    /// The record's own time; `nil` where it has none.
    let recordedAt: Timestamp?
    /// The dead letter that the record claims to be a replay of, with its value; `nil` where it
    /// doesn't.
    let claimedReplay: (id: EventID, value: [UInt8])?

    /// The largest record, in bytes: the largest request with the event around it.
    static let sizeLimit = 65_536 + 1_024

    /// Decodes a record of `orders.submitted`, whoever published it.
    /// - Throws: what the order's own rules refuse, too: ``RefusedRecord`` has it.
    init(reading record: KafkaRecord) throws(EventCodecError) {
        event = try EventCodec.decode(OrderSubmitted.self, from: record.value)
        var content = event.order.businessContent
        contentDigest = content.withUTF8 { utf8 in
            Array(SHA256.hash(data: UnsafeRawBufferPointer(utf8)))
        }
        isAnsweredByGateway = record.headers.contains { header in
            header.name == OrderSubmitted.answeredByHeader
                && header.value.elementsEqual(OrderSubmitted.byGateway.utf8)
        }
        traceparent = record.traceparent ?? TraceContext.new().description
        // Any producer may write a record's time: one beyond the year 9999 is none.
        recordedAt = record.timestampMilliseconds
            .flatMap { (0...253_402_300_799_999).contains($0) ? $0 : nil }
            .map { Timestamp(microseconds: $0 * 1_000) }
        let header = record.headers.last { $0.name == ReplayHeader.from }
        claimedReplay = header.flatMap { EventID(String(decoding: $0.value, as: UTF8.self)) }
            .map { ($0, record.value) }
    }
}

/// A decoded submission with the outcome of verifying its signatures in `prepare`.
struct CheckedSubmission: Sendable {
    let submission: Submission
    /// `nil` where the database was unavailable.
    let signatures: SignatureCheck.Outcome?
}

extension [Submission] {
    /// party_no of every merchant, and of every agent that signed.
    var partyNos: Set<String> {
        var partyNos: Set<String> = []
        for submission in self {
            let order = submission.event.order
            partyNos.insert(order.merchantNo)
            for agent in order.agentSignatures { partyNos.insert(agent.agentNo) }
        }
        return partyNos
    }
}
