import Channels
import Foundation
import Payments

/// A channel of another kind than Alipay: messages are JSON under an HMAC, bills are plain CSV.
struct SecondChannel: PaymentChannel {
    let account = ChannelAccount(
        channel: "second", appID: "app-2", sellerID: "shop-2", billAccount: "shop-2-balance")
    let notificationReplies = NotificationReplies(
        contentType: "application/json", acknowledged: #"{"stored":true}"#,
        refused: #"{"stored":false}"#)
    let seal: SecondSeal
    let transport: any ChannelTransport

    func payHandle(for request: PayRequest, now: Timestamp) throws -> PayHandle {
        let message = seal.close([
            "app": account.appID, "order": request.orderNo, "amount": "\(request.amount.fen)",
            "subject": request.subject, "expires": "\(request.expiresAt.microseconds)",
        ])
        let text = FormEncoding.encode(message)
        return request.product == .app ? .parameters(text) : .url("https://second.test/pay?\(text)")
    }

    func query(orderNo: String, now: Timestamp) async throws(ChannelError) -> ChannelAnswer {
        try await call("query", ["order": orderNo]).answer
    }

    func close(orderNo: String, now: Timestamp) async throws(ChannelError) -> ChannelAnswer {
        try await call("close", ["order": orderNo]).answer
    }

    func refund(
        orderNo: String, refundNo: String, amount: Money, reason: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer {
        try await call(
            "refund", ["order": orderNo, "refund": refundNo, "amount": "\(amount.fen)"]
        ).answer
    }

    func queryRefund(
        orderNo: String, refundNo: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer {
        try await call("refund-query", ["order": orderNo, "refund": refundNo]).answer
    }

    func bill(day: BusinessDay, now: Timestamp) async throws(ChannelError) -> BillDownload {
        let (answer, fields) = try await call("bill", ["day": "\(day)"])
        if let file = fields["file"] { return .file(Array(file.utf8)) }
        return answer.code == "NOT_YET" ? .notYet : .empty
    }

    func observation(
        ofNotification message: [UInt8]
    ) throws(ChannelMessageError) -> ChannelObservation {
        guard let observation = observation(in: try seal.open(message)) else {
            throw .malformed("it names no state")
        }
        return observation
    }

    func claimedOrderNo(ofNotification message: [UInt8]) -> String? {
        SecondSeal.unverified(message)?["order"].map { String($0.prefix(64)) }
    }

    func observation(
        ofAnswer raw: [UInt8], method: String, orderNo: String, refundNo: String?
    ) throws(ChannelMessageError) -> ChannelObservation? {
        let fields = try seal.open(raw)
        try Self.check(fields, about: ["order": orderNo, "refund": refundNo])
        guard method == "query" || fields["result"] == "done" || fields["code"] == "NOT_FOUND"
        else { return nil }
        return observation(in: fields)
    }

    func statement(in file: [UInt8], of day: BusinessDay) throws(BillError) -> Statement {
        try SecondBill.statement(in: file, of: day)
    }

    private func observation(in fields: [String: String]) -> ChannelObservation? {
        guard let order = fields["order"] else { return nil }
        func money(_ name: String) -> Money? {
            fields[name].flatMap { Int64($0) }.map { Money(fen: $0) }
        }
        let kind: ChannelObservation.Kind
        switch fields["state"] ?? fields["code"] {
        case "NOT_FOUND": kind = .notFound
        case "waiting": kind = .waiting
        case "paid": kind = .paid
        case "closed": kind = .closed
        case "refunded":
            kind = .refunded(
                refundNo: fields["refund"], refundAmount: money("refund_amount"),
                cumulative: money("refunded") ?? .zero)
        default: return nil
        }
        let time = fields["at"].flatMap { Int64($0) }.map { Timestamp(microseconds: $0) }
        return ChannelObservation(
            orderNo: order, tradeNo: fields["trade"], kind: kind, amount: money("amount"),
            appID: fields["app"], sellerID: fields["seller"], at: time)
    }

    /// Each answer names its order, and its refund where it is about one.
    private static func check(
        _ fields: [String: String], about subject: [String: String?]
    ) throws(ChannelMessageError) {
        for (name, called) in subject {
            guard let called, fields[name] != called else { continue }
            throw .wrongSubject("\(name) \(fields[name] ?? "none"); the call was about \(called)")
        }
    }

    private func call(
        _ name: String, _ parameters: [String: String]
    ) async throws(ChannelError) -> (answer: ChannelAnswer, fields: [String: String]) {
        let message = seal.close(parameters.merging(["call": name]) { $1 })
        let reply = try await transport.send(
            TransportRequest(
                method: .post, url: "https://second.test/calls", body: message,
                answerLimit: 1_048_576, timeout: .seconds(5)))
        guard reply.status == 200 else { throw .unknownOutcome(reason: "HTTP \(reply.status)") }
        let fields: [String: String]
        do {
            fields = try seal.open(reply.body)
            let subject = ["order": parameters["order"], "refund": parameters["refund"]]
            try Self.check(fields, about: subject)
        } catch {
            throw .unknownOutcome(reason: "\(error)")
        }
        let code = fields["code"] ?? "OK"
        let refused: ChannelOutcome =
            name == "refund-query"
            ? .pending : .refused(ChannelRefusal(code: code, message: "refused"))
        let answer = ChannelAnswer(
            method: name, rawBody: reply.body,
            outcome: fields["result"] == "done" ? .done : refused,
            code: code)
        return (answer, fields)
    }
}

/// The channel's envelope: the text of a JSON object, and an HMAC over it.
struct SecondSeal: Sendable {
    let key: SigningKey

    private struct Envelope: Codable {
        let body: String
        let mac: String?
    }

    func close(_ fields: [String: String]) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = String(decoding: (try? encoder.encode(fields)) ?? Data(), as: UTF8.self)
        let envelope = Envelope(body: body, mac: try? key.sign(body))
        return Array((try? encoder.encode(envelope)) ?? Data())
    }

    func open(_ message: [UInt8]) throws(ChannelMessageError) -> [String: String] {
        guard let envelope = Self.envelope(message), let fields = Self.unverified(message) else {
            throw .malformed("it is not an envelope")
        }
        guard let mac = envelope.mac else { throw .unsigned }
        guard key.verify(mac, over: envelope.body) else { throw .badSignature }
        return fields
    }

    static func unverified(_ message: [UInt8]) -> [String: String]? {
        guard let body = envelope(message)?.body else { return nil }
        return try? JSONDecoder().decode([String: String].self, from: Data(body.utf8))
    }

    private static func envelope(_ message: [UInt8]) -> Envelope? {
        try? JSONDecoder().decode(Envelope.self, from: Data(message))
    }
}
