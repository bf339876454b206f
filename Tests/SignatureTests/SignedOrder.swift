import Events
import Kafka
import Payments

@testable import Signature
@testable import Store

/// An order's body that a test changes, signs and submits.
///
/// It builds the string to sign from the contract's words, not with the product's code.
struct SignedOrder {
    static let signedAt = Timestamp(microseconds: 1_795_000_000_000_000)

    var fields: [String: RequestScalar] = [
        "merchant_no": .text("M1"), "merchant_order_no": .text("SHOP-1"), "product": .text("PC"),
        "amount_fen": .integer(9_850), "currency": .text("CNY"), "subject": .text("Green tea"),
        "timestamp": .text(signedAt.rfc3339), "nonce": .text("b0c4"),
    ]
    /// The agents' signatures, nearest to the merchant first.
    var agents: [RequestFields] = []
    var receivedAt = signedAt
    /// The record's own time; that of receipt if `nil`.
    var recordedAt: Timestamp?
    var orderNo = "T1"

    /// Signed by the merchant with its MD5 key of version 1.
    init(changing changes: [String: RequestScalar] = [:]) throws {
        fields.merge(changes) { _, new in new }
        try sign(.md5, version: 1, with: SigningKey(signType: .md5, secret: TestParties.md5))
    }

    /// `name=value` joined with `&`, sorted by name, without `sign`.
    var stringToSign: String {
        fields.compactMap { name, value in
            name == "sign" ? nil : value.signedText.map { (name, $0) }
        }
        .filter { !$0.1.isEmpty }.sorted { $0.0 < $1.0 }.map { "\($0.0)=\($0.1)" }
        .joined(separator: "&")
    }

    var sign: String { fields["sign"]?.signedText ?? "" }

    /// Signs as the merchant.
    mutating func sign(_ signType: SignType, version: Int, with key: SigningKey) throws {
        fields["sign_type"] = .text(signType.rawValue)
        fields["key_version"] = .integer(Int64(version))
        fields["sign"] = .text(try key.sign(stringToSign))
    }

    /// Adds an agent's signature over the text and the signature before its own.
    mutating func sign(
        agent agentNo: String, _ signType: SignType, secret: String, version: Int = 1
    ) throws {
        let before = agents.last?["sign"]?.signedText ?? sign
        let key = try SigningKey(signType: signType, secret: secret)
        agents.append(
            RequestFields([
                "agent_no": .text(agentNo), "sign_type": .text(signType.rawValue),
                "key_version": .integer(Int64(version)),
                "sign": .text(try key.sign("\(stringToSign)&sign=\(before)")),
            ]))
    }

    func request() throws -> OrderRequest {
        try EventCodec.decode(
            OrderRequest.self, from: RequestFields(fields, agentSignatures: agents).json())
    }

    /// The record of `orders.submitted`.
    func record(headers: [KafkaHeader] = []) throws -> KafkaRecord {
        let event = OrderSubmitted(
            envelope: OrderSubmitted.envelope(at: receivedAt),
            orderNo: orderNo, receivedAt: EventTime(receivedAt), order: try request())
        return KafkaRecord(
            topicPartition: TopicPartition(topic: OrderSubmitted.topic, partition: 0), offset: 0,
            timestampMilliseconds: (recordedAt ?? receivedAt).microseconds / 1_000,
            key: Array("M1".utf8), value: event.json(), headers: headers)
    }

    func submission(headers: [KafkaHeader] = []) throws -> Submission {
        try Submission(reading: try record(headers: headers))
    }
}
