import Crypto
import Events
import Foundation
import Kafka
import WorkerRuntime

/// A submission fit to be decided on.
public struct Submission: Sendable {
    /// The event.
    let event: OrderSubmitted
    /// SHA-256 of the order's business content: what makes a repeat the same order.
    let contentDigest: [UInt8]
    /// Whether the gateway that took it builds the pay URL itself.
    let isAnsweredByGateway: Bool
    /// The trace it belongs to, to the last delivery; a system that sends none gets one here.
    let traceparent: String
    /// What came of checking its signatures beforehand; `nil` where the directory was away.
    var signatures: SignatureCheck.Outcome?

    /// Reads a record.
    init(reading record: KafkaRecord) throws(EventCodecError) {
        event = try EventCodec.decode(OrderSubmitted.self, from: record.value)
        contentDigest = Array(SHA256.hash(data: Data(event.order.businessContent.utf8)))
        isAnsweredByGateway = record.headers.contains { header in
            header.name == OrderSubmitted.answeredByHeader
                && header.value.elementsEqual(OrderSubmitted.byGateway.utf8)
        }
        traceparent = record.traceparent ?? TraceContext.new().description
    }
}

extension OrderRequest {
    /// The merchant and every agent that signed.
    var partyNos: [String] { [merchantNo] + agentSignatures.map(\.agentNo) }
}
