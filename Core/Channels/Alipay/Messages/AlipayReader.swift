import Channels
import Payments

/// Reads messages that Alipay has signed; refuses every other.
struct AlipayReader: Sendable {
    let verifier: AlipayVerifier

    /// An answer that is signed, with its outcome.
    /// - Throws: `unknownOutcome` for an answer without a valid signature; errors by its codes.
    func answer(
        _ raw: [UInt8], method: String
    ) throws(ChannelError) -> (answer: ChannelAnswer, node: AlipayNode) {
        let node: AlipayNode
        let code: String
        do throws(ChannelMessageError) {
            let response = try AlipayResponse(raw, method: method)
            let unsigned = try AlipayNode(response)
            code = try unsigned.code()
            guard response.sign != nil else {
                // Its codes are for the log; they decide nothing.
                throw .malformed("it is unsigned: \(code) \(unsigned["sub_code"] ?? "")")
            }
            try verifier.verify(response)
            node = unsigned
        } catch {
            throw .unknownOutcome(reason: "Alipay's answer to \(method): \(error)")
        }
        let message = node["sub_msg"] ?? node["msg"]
        var outcome = try AlipayVerdict.outcome(
            code: code, subCode: node["sub_code"], message: message)
        if outcome == .done, !Self.provesEffect(node, of: AlipayMethod(rawValue: method)) {
            outcome = .pending
        }
        let answer = ChannelAnswer(
            method: method, rawBody: raw, outcome: outcome, code: node["sub_code"] ?? code)
        return (answer, node)
    }

    // Success of a refund says that the request was taken, not that money moved (§2.6, §2.7).
    private static func provesEffect(_ node: AlipayNode, of method: AlipayMethod?) -> Bool {
        switch method {
        case .refund: node["fund_change"] == "Y"
        case .queryRefund: node["refund_status"] == "REFUND_SUCCESS"
        default: true
        }
    }

    /// What a notification says (channel protocol §3).
    func observation(
        ofNotification bytes: [UInt8]
    ) throws(ChannelMessageError) -> ChannelObservation {
        let form = try AlipayForm(received: bytes)
        try verifier.verify(form, .notification)
        guard let appID = try form.text("app_id") else { throw .wrongApp }
        guard let orderNo = try form.text("out_trade_no"),
            let statusText = try form.text("trade_status")
        else { throw .malformed("it is not a notification of a trade") }
        let notice = AlipayTradeNotice(form: form)
        return ChannelObservation(
            orderNo: orderNo, tradeNo: try form.text("trade_no"),
            kind: try notice.kind(try AlipayTradeStatus(in: statusText)),
            amount: try notice.total(), appID: appID, sellerID: try form.text("seller_id"),
            at: try notice.at())
    }

    /// What an answer says (channel protocol §2.4 to §2.8).
    func observation(
        ofAnswer raw: [UInt8], method: String, orderNo: String, refundNo: String?
    ) throws(ChannelMessageError) -> ChannelObservation? {
        guard let known = AlipayMethod(rawValue: method) else {
            throw .malformed("'\(method.prefix(64))' is not a method whose answers are read")
        }
        let response = try AlipayResponse(raw, method: method)
        try verifier.verify(response)
        let answer = AlipayTradeAnswer(
            node: try AlipayNode(response), orderNo: orderNo, refundNo: refundNo)
        try answer.checkSubject()
        switch known {
        case .query: return try answer.ofQuery()
        case .close: return try answer.ofClose()
        case .refund: return try answer.ofRefund()
        case .queryRefund: return try answer.ofRefundQuery()
        case .pagePay, .wapPay, .appPay, .billAddress: return nil
        }
    }
}
