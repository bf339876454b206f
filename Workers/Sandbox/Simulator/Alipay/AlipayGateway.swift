import Payments
import WorkerRuntime

/// `gateway.do`: the checks in the gateway's own order, then the method (channel protocol §1.5).
extension SimulatedAlipay {
    /// Serves a page or server call.
    func respond(to parameters: AlipayParameters) async -> AlipayResponse {
        do throws(AlipayError) {
            let method = try check(parameters)
            return method.isPage
                ? try await open(parameters, method: method)
                : try await serve(parameters, method: method)
        } catch {
            let method = parameters["method"].flatMap(AlipayMethod.init(rawValue:))
            if error.isViolation { recordViolation(of: parameters, error) }
            if method?.isPage == true { return .refusedPage(error.subMessage) }
            let subject = BusinessContent(parameters["biz_content"])?.orderNo
            let node = AnswerNode(error.node + Self.fields(ofRefused: method, orderNo: subject))
            return .json(
                wire.envelope(method: method?.rawValue, node: node, isSigned: error.isSigned))
        }
    }

    /// The fields that a refusal has besides its codes: a refused refund doesn't name its order.
    private static func fields(
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

    /// Method and app first, then the signature, then the rest.
    private func check(_ parameters: AlipayParameters) throws(AlipayError) -> AlipayMethod {
        guard let name = parameters["method"] else {
            throw .missing("isv.missing-method", "缺少方法名参数")
        }
        guard let appID = parameters["app_id"] else {
            throw .missing("isv.missing-app-id", "缺少AppID参数")
        }
        guard appID == identity.appID else {
            throw .invalid("isv.invalid-app-id", "无效的AppID参数", isSigned: false)
        }
        guard parameters["sign"] != nil else {
            throw .missing("isv.missing-signature", "缺少签名参数")
        }
        guard parameters["sign_type"] == "RSA2", wire.isSigned(parameters) else {
            throw .invalid("isv.invalid-signature", "验签出错", isSigned: false)
        }
        guard let method = AlipayMethod(rawValue: name) else { throw .noPermission }
        guard parameters["timestamp"].flatMap({ Timestamp(shanghai: $0) }) != nil else {
            throw .invalid("isv.invalid-timestamp", "非法的时间戳参数")
        }
        guard parameters["version"] == "1.0" else {
            throw .invalid("isv.invalid-version", "不支持的版本号")
        }
        guard !isLimited(name) else { throw .callLimited }
        return method
    }

    /// The payer's browser arrives with a signed order.
    private func open(
        _ parameters: AlipayParameters, method: AlipayMethod
    ) async throws(AlipayError) -> AlipayResponse {
        guard let content = BusinessContent(parameters["biz_content"]),
            let orderNo = content.orderNo, let subject = content["subject"],
            let amount = content.money("total_amount"), amount > .zero,
            content["product_code"] == method.productCode
        else { throw .business(.invalidParameter) }
        let expiry = content["time_expire"].map { Timestamp(shanghai: $0) }
        if case .some(.none) = expiry { throw .business(.invalidParameter) }
        let terms = TradeTerms(
            orderNo: orderNo, amount: amount, subject: subject,
            productCode: method.productCode ?? "", expiresAt: expiry ?? nil,
            notifyURL: parameters["notify_url"], returnURL: parameters["return_url"],
            passback: content["passback_params"])
        let outcome = apply(
            .arrive(terms, evenIfExpired: faults(of: orderNo).acceptsLatePayment))
        await notify(outcome.notices)
        switch outcome.response {
        case .done(let trade, _): return .cashier(trade)
        case .refused(let refusal): throw .business(refusal)
        case .none: throw .systemError
        }
    }

    private func serve(
        _ parameters: AlipayParameters, method: AlipayMethod
    ) async throws(AlipayError) -> AlipayResponse {
        guard let content = BusinessContent(parameters["biz_content"]) else {
            throw .invalid("isv.invalid-parameter", "biz_content 不是合法的JSON")
        }
        await notify(apply(.tick).notices)
        let orderNo = orderNo(of: content)
        let isTooOften = orderNo.map {
            calls.refuses(method.rawValue, orderNo: $0, at: clock.now())
        }
        guard isTooOften != true else { throw .callLimited }
        let node: AnswerNode
        switch method {
        case .query: node = AnswerNode(Self.success + (try query(orderNo)))
        case .close: node = AnswerNode(Self.success + (try await close(orderNo)))
        case .refund: node = try await refund(orderNo, content)
        case .refundQuery: node = try queryRefund(orderNo, content)
        case .billDownload: node = AnswerNode(Self.success + (try billAddress(content)))
        case .pagePay, .wapPay, .appPay: throw .noPermission
        }
        let isUnsigned = takeFault(\.unsignedResponses, orderNo: orderNo)
        return .json(
            wire.envelope(method: method.rawValue, node: node, isSigned: !isUnsigned))
    }

    /// The codes of a call that was carried out.
    static let success = [("code", "10000"), ("msg", "Success")]

    private func recordViolation(of parameters: AlipayParameters, _ error: AlipayError) {
        let content = BusinessContent(parameters["biz_content"])
        let subject = content.flatMap { $0.orderNo ?? $0.tradeNo } ?? "an unnamed trade"
        recordViolation(
            "\(parameters["method"] ?? "a call") of \(subject) was refused with \(error.subCode)")
    }

    /// `trade_no` wins where both are there.
    private func orderNo(of content: BusinessContent) -> String? {
        guard let tradeNo = content.tradeNo else { return content.orderNo }
        return book.trades.values.first { $0.tradeNo == tradeNo }?.orderNo
    }
}
