import Crypto
import Events
import Kafka
import WorkerRuntime

/// A submission fit to be decided on, with what came of checking its signatures beforehand.
public struct CheckedSubmission: Sendable {
    let submission: Submission
    /// `nil` where the directory was away.
    let signatures: SignatureCheck.Outcome?
}

/// A submission as it was read. A class: it has some thirty members, and is handed from step to
/// step.
final class Submission: Sendable {
    /// The event.
    let event: OrderSubmitted
    /// SHA-256 of the order's business content: what makes a repeat the same order.
    let contentDigest: [UInt8]
    /// Whether the gateway that took it builds the pay URL itself.
    let isAnsweredByGateway: Bool
    /// The trace it belongs to, to the last delivery; a system that sends none gets one here.
    let traceparent: String

    /// Reads a record.
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

extension [Submission] {
    /// Every merchant, and every agent that signed.
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
