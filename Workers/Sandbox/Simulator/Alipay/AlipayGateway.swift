import Payments
import WorkerRuntime

/// `gateway.do`: the checks in the gateway's own order, then the method (channel protocol §1.5).
extension SimulatedAlipay {
    /// Serves a page or server call.
    /// - Parameter file: of a method that uploads one.
    func respond(
        to parameters: AlipayParameters, file: [UInt8]? = nil
    ) async -> AlipayResponse {
        let method = parameters["method"].flatMap(AlipayMethod.init(rawValue:))
        let fault = takeAnswerFault(of: parameters, method)
        do throws(AlipayError) {
            if let error = fault?.errorWithoutEffect { throw error }
            let method = try check(parameters)
            guard !method.isPage else { return try await open(parameters, method: method) }
            let (node, isSigned) = try await serve(parameters, file, method: method)
            if fault?.kind == .systemError { throw .systemError }
            return answer(method, node, isSigned: isSigned, fault)
        } catch {
            if fault?.errorWithoutEffect == nil, error.isViolation {
                recordViolation(of: parameters, error)
            }
            if method?.isPage == true { return .refusedPage(error.subMessage) }
            let orderNo = BusinessContent(parameters["biz_content"])?.orderNo
            let more = error.isBusiness ? Self.fields(ofRefused: method, orderNo: orderNo) : []
            let node = AnswerNode(error.node + more)
            return answer(method, node, isSigned: error.isSigned, fault)
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
        if wire.certificateNo != nil,
            parameters["app_cert_sn"] == nil || parameters["alipay_root_cert_sn"] == nil
        {
            throw .missing("isv.missing-app-cert-sn", "缺少应用证书序列号")
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
            method.accepts(productCode: content["product_code"]),
            content.subMerchantNo.map(Self.isSubMerchant) ?? true
        else { throw .business(.invalidParameter) }
        let expiry = content["time_expire"].map { Timestamp(shanghai: $0) }
        if case .some(.none) = expiry { throw .business(.invalidParameter) }
        let terms = TradeTerms(
            orderNo: orderNo, amount: amount, subject: subject,
            productCode: method.productCode ?? "", expiresAt: expiry ?? nil,
            notifyURL: parameters["notify_url"], returnURL: parameters["return_url"],
            passback: content["passback_params"], subMerchantNo: content.subMerchantNo)
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
        _ parameters: AlipayParameters, _ file: [UInt8]?, method: AlipayMethod
    ) async throws(AlipayError) -> (node: AnswerNode, isSigned: Bool) {
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
        case .cancel: node = AnswerNode(Self.success + (try await cancel(orderNo)))
        case .refund: node = try await refund(orderNo, content)
        case .refundQuery: node = try queryRefund(orderNo, content)
        case .billDownload: node = AnswerNode(Self.success + (try billAddress(content)))
        case .agreementQuery:
            node = AnswerNode(Self.success + (try agreements.query(content["agreement_no"])))
        case .agreementUnsign:
            try agreements.end(content["agreement_no"])
            node = AnswerNode(Self.success)
        case .riskQuery: node = AnswerNode(Self.success + (try merchants.risk(content)))
        case .imageUpload: node = AnswerNode(Self.success + (try merchants.upload(file)))
        case .merchantConsult:
            node = try register(content, applyType: "ZHIFUTONG_CONSULT")
        case .merchantCreate: node = try register(content, applyType: "ZHIFUTONG_CREATE")
        case .merchantQuery:
            var list = AnswerNode(Self.success)
            list.add("orders", list: try merchants.query(content, at: clock.now()))
            node = list
        case .pagePay, .wapPay, .appPay: throw .noPermission
        }
        return (node, !takeFault(\.unsignedResponses, orderNo: orderNo))
    }

    private func register(
        _ content: BusinessContent, applyType: String
    ) throws(AlipayError) -> AnswerNode {
        AnswerNode(
            Self.success
                + (try merchants.register(content, applyType: applyType, at: clock.now())))
    }

    /// The codes of a call that was carried out.
    static let success = [("code", "10000"), ("msg", "Success")]

    private func recordViolation(of parameters: AlipayParameters, _ error: AlipayError) {
        let content = BusinessContent(parameters["biz_content"])
        let subject = content.flatMap { $0.orderNo ?? $0.tradeNo } ?? "an unnamed trade"
        recordViolation(
            "\(parameters["method"] ?? "a call") of \(subject) was refused with \(error.subCode)")
    }

    /// A sub-merchant's number: 16 digits that start with 2088.
    private static func isSubMerchant(_ number: String) -> Bool {
        number.utf8.count == 16 && number.hasPrefix("2088")
            && number.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
    }

    /// `trade_no` wins where both are there.
    func orderNo(of content: BusinessContent) -> String? {
        guard let tradeNo = content.tradeNo else {
            // Faults and limits of a registration are those of its number.
            return content.orderNo ?? content["external_id"]
        }
        return book.trades.values.first { $0.tradeNo == tradeNo }?.orderNo
    }
}
