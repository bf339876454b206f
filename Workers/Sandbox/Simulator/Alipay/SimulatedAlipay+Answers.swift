import Channels
import Payments

/// The answer to a server call, whole or broken by a fault.
extension SimulatedAlipay {
    /// - Parameter isSigned: whether the channel signs it: not every refusal is signed.
    func answer(
        _ method: AlipayMethod?, _ node: AnswerNode, isSigned: Bool, _ fault: AnswerFault?
    ) -> AlipayResponse {
        let key: NotificationKey? = isSigned ? .alipay : nil
        func envelope(_ node: AnswerNode, _ key: NotificationKey?) -> String {
            wire.envelope(method: method?.rawValue, node: node, signedBy: key)
        }
        let whole = envelope(node, key)
        switch fault?.kind {
        case nil, .systemErrorWithoutEffect, .systemError, .serviceUnavailable, .callLimited:
            return .json(whole)
        case .unsigned: return .json(envelope(node, nil))
        case .wrongKey: return .json(envelope(node, .attacker))
        case .otherOrder: return .json(envelope(node.with("out_trade_no", "another"), key))
        case .nameless: return .json(envelope(node.with("out_trade_no", nil), key))
        case .gbk:
            return .bytes(
                wire.envelopeInGBK(method: method?.rawValue, node: node, signedBy: key),
                status: 200)
        case .badGateway: return .bytes(Array("<html>502</html>".utf8), status: 502)
        case .garbage: return .bytes(Array("<html>busy</html>".utf8), status: 200)
        case .cut: return .bytes(Array(whole.utf8.prefix(whole.utf8.count / 2)), status: 200)
        case .huge:
            let blanks = [UInt8](repeating: UInt8(ascii: " "), count: Self.hugeAnswer)
            return .bytes(blanks + Array(whole.utf8), status: 200)
        case .lost: return .lost(Array(whole.utf8.prefix(whole.utf8.count / 2)))
        case .slow: return .late(whole, seconds: fault?.seconds ?? 0)
        }
    }

    /// Takes the trade's next fault of a signed server call to a method.
    func takeAnswerFault(
        of parameters: AlipayParameters, _ method: AlipayMethod?
    ) -> AnswerFault? {
        guard let method, !method.isPage,
            let orderNo = BusinessContent(parameters["biz_content"]).flatMap(orderNo(of:)),
            let index = faults(of: orderNo).answers.firstIndex(where: {
                $0.method == nil || $0.method == method.rawValue
            }), wire.isSigned(parameters)
        else { return nil }
        return removeAnswerFault(orderNo: orderNo, at: index)
    }

    /// The fields that a refusal has besides its codes: a refused refund doesn't name its order.
    static func fields(
        ofRefused method: AlipayMethod?, orderNo: String?
    ) -> [(String, String)] {
        let named = orderNo.map { [("out_trade_no", $0)] } ?? []
        switch method {
        case .query:
            return [("buyer_pay_amount", "0.00"), ("invoice_amount", "0.00")] + named
                + [("point_amount", "0.00"), ("receipt_amount", "0.00")]
        case .close: return named
        case .refund: return [("refund_fee", "0.00"), ("send_back_fee", "0.00")]
        default: return []
        }
    }

    private static let hugeAnswer = 4 * 1024 * 1024
}
