import Events
import Foundation
import Payments
import TestSigning
import TestStack
import WorkerRuntime

/// Makes submissions with two MD5 signatures: the merchant's and its agent's.
struct OrderMaker: Sendable {
    static let merchants = 24

    private let merchantKey: SigningKey
    private let agentKey: SigningKey
    private let clock = SystemClock()

    init() throws {
        merchantKey = try SigningKey(signType: .md5, secret: SmallBusiness.secret)
        agentKey = try SigningKey(signType: .md5, secret: SmallBusiness.agentSecret)
    }

    static func merchantNo(_ index: Int) -> String { "M\(301 + index % merchants)" }

    /// A submission, as the gateway publishes it.
    func record(_ index: Int) throws -> [UInt8] {
        let now = clock.now()
        let event = [
            #""event_id":"\#(EventID.make(at: now))","event_type":"order.submitted""#,
            #""schema_version":1,"occurred_at":"\#(now.rfc3339)""#,
            #""order_no":"T20261123B\#(index)","received_at":"\#(now.rfc3339)""#,
            #""order":\#(try order(index, at: now))"#,
        ].joined(separator: ",")
        return Array("{\(event)}".utf8)
    }

    /// The same order, as its merchant posts it.
    func request(_ index: Int) throws -> [UInt8] {
        Array(try order(index, at: clock.now()).utf8)
    }

    private func order(_ index: Int, at now: Timestamp) throws -> String {
        let fields = [
            ("merchant_no", Self.merchantNo(index)), ("merchant_order_no", "B\(index)"),
            ("product", "WAP"), ("amount_fen", "\(100 + index % 1_000_000)"), ("currency", "CNY"),
            ("subject", "order \(index)"), ("timestamp", now.rfc3339),
            ("nonce", UUID().uuidString), ("sign_type", "MD5"), ("key_version", "1"),
        ]
        let text = SignedFields(fields.map { ($0.0, $0.1) }).stringToSign
        let sign = try merchantKey.sign(text)
        let agentSign = try agentKey.sign(text + "&sign=" + sign)
        let order = (fields + [("sign", sign)]).map { name, value in
            name == "amount_fen" || name == "key_version"
                ? #""\#(name)":\#(value)"# : #""\#(name)":"\#(value)""#
        }.joined(separator: ",")
        let agent =
            #"{"agent_no":"A1","sign_type":"MD5","key_version":1,"sign":"\#(agentSign)"}"#
        return #"{\#(order),"agent_signatures":[\#(agent)]}"#
    }
}
