import Crypto
import Events
import Kafka
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

    /// Decodes a record of `orders.submitted`.
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
    }
}

/// A decoded submission with the outcome of verifying its signatures in `prepare`.
public struct CheckedSubmission: Sendable {
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
