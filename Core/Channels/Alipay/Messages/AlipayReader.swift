import Channels
import Payments

/// Reads messages that Alipay has signed; refuses every other.
struct AlipayReader: Sendable {
    let verifier: AlipayVerifier

    /// An answer that is signed and about the call's subject, with its outcome.
    /// - Throws: `unknownOutcome` for an answer without a valid signature, or about another order
    ///   or refund; errors by its codes.
    func answer(
        _ raw: [UInt8], to method: AlipayMethod, about subject: AlipaySubject? = nil
    ) throws(ChannelError) -> (answer: ChannelAnswer, node: AlipayNode) {
        let node: AlipayNode
        let code: String
        do throws(ChannelMessageError) {
            let response = try AlipayResponse(raw, method: method.rawValue)
            let unsigned = try AlipayNode(response)
            code = try unsigned.code()
            guard response.sign != nil else {
                // Its codes are for the log; they decide nothing.
                throw .malformed("it is unsigned: \(code) \(unsigned["sub_code"] ?? "")")
            }
            try verifier.verify(response)
            try subject?.check(unsigned, of: method)
            node = unsigned
        } catch {
            throw .unknownOutcome(reason: "Alipay's answer to \(method.rawValue): \(error)")
        }
        let message = node["sub_msg"] ?? node["msg"]
        var outcome = try AlipayVerdict.outcome(
            of: method, code: code, subCode: node["sub_code"], message: message)
        if outcome == .done { outcome = Self.effect(node, of: method) }
        let answer = ChannelAnswer(
            method: method.rawValue, rawBody: raw, outcome: outcome,
            code: node["sub_code"] ?? code)
        return (answer, node)
    }

    // Success of a refund says that the request was taken, not that money moved (§2.6, §2.7).
    private static func effect(_ node: AlipayNode, of method: AlipayMethod) -> ChannelOutcome {
        switch method {
        case .refund: return node["fund_change"] == "Y" ? .done : .pending
        case .queryRefund:
            switch node["refund_status"] {
            case "REFUND_SUCCESS": return .done
            case "REFUND_FAIL":
                return .refused(
                    ChannelRefusal(
                        code: "REFUND_FAIL", message: node["error_code"] ?? "the refund failed"))
            default: return .pending
            }
        // Its answer has no fields: the agreement is queried.
        case .endAgreement: return .pending
        // `Y`: not done yet, call again.
        case .cancel: return node["retry_flag"] == "Y" ? .pending : .done
        default: return .done
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
        let node = try AlipayNode(response)
        try AlipaySubject(orderNo: orderNo, refundNo: refundNo).check(node, of: known)
        let answer = AlipayTradeAnswer(node: node, orderNo: orderNo)
        switch known {
        case .query: return try answer.ofQuery()
        case .close: return try answer.ofClose()
        case .cancel: return try answer.ofCancel()
        case .refund: return try answer.ofRefund()
        case .queryRefund: return try answer.ofRefundQuery()
        case .pagePay, .wapPay, .appPay, .billAddress, .agreement, .endAgreement, .blacklist,
            .uploadImage, .consult, .create, .queryRegistration:
            return nil
        }
    }
}
