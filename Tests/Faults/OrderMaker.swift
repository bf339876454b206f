import Events
import Foundation
import Kafka
import Payments
import Simulator
import TestSigning
import TestStack
import WorkerRuntime

/// Makes the records of signed orders and of the channel's signed notifications.
struct OrderMaker: Sendable {
    /// An order that a merchant submits.
    struct Order: Sendable {
        let number: Int
        let merchantNo: String

        var orderNo: String { "T20261123C\(number)" }
        var merchantOrderNo: String { "C\(number)" }
        var amountFen: Int { 100 + number % 1_000_000 }
    }

    /// What must become of a record; the auditor reads it in the header `expected`.
    enum Outcome: String, Sendable {
        case accepted, rejected, dead, repeated, applied
    }

    private let merchantKey: SigningKey
    private let channelKey: SigningKey
    private let clock = SystemClock()

    init(keys: SampleKeys) throws {
        merchantKey = try SigningKey(signType: .md5, secret: SmallBusiness.secret)
        channelKey = try SigningKey(privatePEM: keys.text(of: .alipayPrivate))
    }

    /// The record of a submission: signed, badly signed, or cut short.
    func submission(_ order: Order, _ outcome: Outcome) throws -> ProducerRecord {
        let now = clock.now()
        var fields = [
            ("merchant_no", order.merchantNo), ("merchant_order_no", order.merchantOrderNo),
            ("product", "WAP"), ("amount_fen", "\(order.amountFen)"), ("currency", "CNY"),
            ("subject", "订单 \(order.number)"), ("timestamp", now.rfc3339),
            ("nonce", UUID().uuidString), ("sign_type", "MD5"), ("key_version", "1"),
        ]
        var text = SignedFields(fields.map { ($0.0, $0.1) }).stringToSign
        if outcome == .rejected { text += "!" }
        fields.append(("sign", try merchantKey.sign(text)))
        let body = fields.map { name, value in
            name == "amount_fen" || name == "key_version"
                ? #""\#(name)":\#(value)"# : #""\#(name)":"\#(value)""#
        }.joined(separator: ",")
        let event = [
            #""event_id":"\#(EventID.make(at: now))","event_type":"order.submitted""#,
            #""schema_version":1,"occurred_at":"\#(now.rfc3339)""#,
            #""order_no":"\#(order.orderNo)","received_at":"\#(now.rfc3339)""#,
            #""order":{\#(body)}"#,
        ].joined(separator: ",")
        let value = Array("{\(event)}".utf8)
        return record(
            OrderSubmitted.topic, order.merchantNo,
            outcome == .dead ? value.dropLast(9) : value[...],
            outcome)
    }

    /// The record of a notification: `status` is the channel's trade status.
    func callback(_ order: Order, _ status: String, _ outcome: Outcome) throws -> ProducerRecord {
        let now = clock.now()
        let amount =
            "\(order.amountFen / 100)." + String("\(100 + order.amountFen % 100)".dropFirst())
        var fields = [
            ("notify_time", now.shanghai), ("notify_type", "trade_status_sync"),
            ("notify_id", UUID().uuidString), ("app_id", AlipayIdentity.sample.appID),
            ("charset", "utf-8"), ("version", "1.0"), ("trade_no", "20261120\(order.number)"),
            ("out_trade_no", order.orderNo), ("seller_id", AlipayIdentity.sample.sellerID),
            ("trade_status", status), ("total_amount", amount), ("subject", "order"),
            ("gmt_create", now.shanghai),
        ]
        if status == "TRADE_SUCCESS" { fields.append(("gmt_payment", now.shanghai)) }
        let signed = outcome == .dead ? "x" : SignedFields(fields.map { ($0.0, $0.1) }).stringToSign
        fields += [("sign_type", "RSA2"), ("sign", try channelKey.sign(signed))]
        let raw = fields.map { "\($0.0)=\(Self.encoded($0.1))" }.joined(separator: "&")
        let event = CallbackReceived(
            envelope: CallbackReceived.envelope(at: now),
            channel: "alipay", origin: .notify, orderNo: order.orderNo, raw: Array(raw.utf8),
            receivedAt: EventTime(now))
        return record(
            CallbackReceived.topic, order.orderNo, try EventCodec.encode(event)[...], outcome)
    }

    private func record(
        _ topic: String, _ key: String, _ value: ArraySlice<UInt8>, _ outcome: Outcome
    ) -> ProducerRecord {
        ProducerRecord(
            topic: topic, key: Array(key.utf8), value: Array(value),
            headers: [KafkaHeader(name: "expected", text: outcome.rawValue)])
    }

    private static let plain = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    private static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: plain) ?? text
    }
}
