import Payments

/// Reads what Alipay has signed, and nothing else.
struct AlipayReader: Sendable {
    let verifier: AlipayVerifier

    /// An answer that is signed, and is a success or a refusal by business rules.
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
                // Its codes may help whoever looks; they decide nothing.
                throw .malformed("it is unsigned: \(code) \(unsigned["sub_code"] ?? "")")
            }
            try verifier.verify(response)
            node = unsigned
        } catch {
            throw .unknownOutcome(reason: "Alipay's answer to \(method): \(error)")
        }
        let message = node["sub_msg"] ?? node["msg"]
        try AlipayVerdict.check(code: code, subCode: node["sub_code"], message: message)
        let answer = ChannelAnswer(
            method: method, rawBody: raw, code: code, subCode: node["sub_code"],
            message: message, isSuccess: code == AlipayVerdict.success)
        return (answer, node)
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
        else { throw .malformed("it is no notification of a trade") }
        let notice = AlipayTradeNotice(form: form)
        return ChannelObservation(
            orderNo: orderNo, tradeNo: try form.text("trade_no"),
            kind: try notice.kind(try AlipayTradeStatus(told: statusText)),
            amount: try notice.total(), appID: appID, sellerID: try form.text("seller_id"),
            at: try notice.at())
    }

    /// What an answer says (channel protocol §2.4 to §2.8).
    func observation(
        ofAnswer raw: [UInt8], method: String, orderNo: String, refundNo: String?
    ) throws(ChannelMessageError) -> ChannelObservation? {
        guard let known = AlipayMethod(rawValue: method) else {
            throw .malformed("'\(method.prefix(64))' is no method whose answers are read here")
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

/// What Alipay calls a trade's state (channel protocol §4).
enum AlipayTradeStatus: String, Sendable {
    case waiting = "WAIT_BUYER_PAY"
    case success = "TRADE_SUCCESS"
    case closed = "TRADE_CLOSED"
    case finished = "TRADE_FINISHED"

    init(told text: String) throws(ChannelMessageError) {
        guard let status = AlipayTradeStatus(rawValue: text) else {
            throw .malformed("the trade status '\(text.prefix(32))' is not known here")
        }
        self = status
    }
}
