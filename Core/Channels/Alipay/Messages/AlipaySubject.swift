import Channels

/// The order, and the refund, that a call was about.
///
/// A signature proves who wrote an answer, not which call it belongs to: a genuine answer about one
/// order could be replayed to a call about another. So each answer with an effect must name its
/// order, and a query of a refund that refund.
struct AlipaySubject: Sendable {
    let orderNo: String
    let refundNo: String?

    init(orderNo: String, refundNo: String? = nil) {
        self.orderNo = orderNo
        self.refundNo = refundNo
    }

    /// Refuses an answer that is about another order or refund, or that names none where it must.
    func check(_ node: AlipayNode, of method: AlipayMethod) throws(ChannelMessageError) {
        let mustName = Self.mustName(node, method)
        try compare("order", node["out_trade_no"], with: orderNo, mustName: mustName)
        if let refundNo {
            try compare(
                "refund", node["out_request_no"], with: refundNo,
                mustName: mustName && method == .queryRefund)
        }
    }

    private func compare(
        _ kind: String, _ named: String?, with called: String, mustName: Bool
    ) throws(ChannelMessageError) {
        guard let named else {
            guard !mustName else {
                throw .wrongSubject("no named \(kind); the call was about \(kind) \(called)")
            }
            return
        }
        guard named == called else {
            throw .wrongSubject(
                "\(kind) \(named.prefix(64)); the call was about \(kind) \(called)")
        }
    }

    /// Whether an answer has an effect, by which it must name what it is about.
    ///
    /// The gateway's refusals of close, cancel and refund often name no order; they change none. A
    /// refund that it hasn't received is answered by a success without any field.
    private static func mustName(_ node: AlipayNode, _ method: AlipayMethod) -> Bool {
        let isSuccess = node["code"] == AlipayVerdict.success
        switch method {
        case .query: return isSuccess || node["sub_code"] == AlipayVerdict.tradeNotExist
        case .queryRefund: return isSuccess && node["refund_status"] != nil
        case .close, .cancel, .refund: return isSuccess
        case .pagePay, .wapPay, .appPay, .billAddress, .agreement, .endAgreement, .blacklist,
            .uploadImage, .consult, .create, .queryRegistration:
            return false
        }
    }
}
