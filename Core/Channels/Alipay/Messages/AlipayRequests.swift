import Channels
import Payments

/// Writes the platform's requests and signs them (channel protocol §1.2, §2).
struct AlipayRequests: Sendable {
    let configuration: AlipayConfiguration
    let signer: AlipaySigner
    /// `app_cert_sn` and `alipay_root_cert_sn` in certificate mode.
    var certificateFields: [(String, String)] = []

    // Limits of the gateway's fields, in characters.
    private static let subjectLimit = 256
    private static let passbackLimit = 512

    func payment(_ request: PayRequest, now: Timestamp) throws(ChannelError) -> AlipayForm {
        var content: [(String, JSONText.Value)] = [
            ("out_trade_no", .text(request.orderNo)),
            ("total_amount", .text(request.amount.yuan)),
            ("subject", .text(String(request.subject.prefix(Self.subjectLimit)))),
            ("product_code", .text(AlipayMethod.productCode(request.product))),
            // Without it the order could be paid at any later time.
            ("time_expire", .text(request.expiresAt.shanghai)),
        ]
        if let attach = request.attach, !attach.isEmpty {
            let passback = FormEncoding.encode(attach.utf8)
            // Omitted where it is too long: deliveries take `attach` from the order anyway.
            if passback.count <= Self.passbackLimit {
                content.append(("passback_params", .text(passback)))
            }
        }
        if let subMerchantNo = request.subMerchantNo, !subMerchantNo.isEmpty {
            content.append(
                ("sub_merchant", .object([("merchant_id", .text(subMerchantNo))])))
        }
        if let provider = configuration.serviceProviderID {
            content.append(
                ("extend_params", .object([("sys_service_provider_id", .text(provider))])))
        }
        return try form(
            AlipayMethod(paying: request.product), content, now: now,
            more: [
                ("notify_url", configuration.notifyURL),
                ("return_url", request.product == .app ? "" : request.returnURL ?? ""),
            ])
    }

    func query(orderNo: String, now: Timestamp) throws(ChannelError) -> AlipayForm {
        try form(.query, [("out_trade_no", .text(orderNo))], now: now)
    }

    func close(orderNo: String, now: Timestamp) throws(ChannelError) -> AlipayForm {
        try form(.close, [("out_trade_no", .text(orderNo))], now: now)
    }

    func cancel(orderNo: String, now: Timestamp) throws(ChannelError) -> AlipayForm {
        try form(.cancel, [("out_trade_no", .text(orderNo))], now: now)
    }

    func refund(
        orderNo: String, refundNo: String, amount: Money, reason: String, now: Timestamp
    ) throws(ChannelError) -> AlipayForm {
        try form(
            .refund,
            [
                ("out_trade_no", .text(orderNo)), ("refund_amount", .text(amount.yuan)),
                ("out_request_no", .text(refundNo)),
                ("refund_reason", .text(String(reason.prefix(Self.subjectLimit)))),
                // The answer then has this refund's own amount, not only the cumulative one.
                ("query_options", .strings(["refund_detail_item_list"])),
            ], now: now)
    }

    func queryRefund(
        orderNo: String, refundNo: String, now: Timestamp
    ) throws(ChannelError) -> AlipayForm {
        try form(
            .queryRefund,
            [
                ("out_trade_no", .text(orderNo)), ("out_request_no", .text(refundNo)),
                ("query_options", .strings(["gmt_refund_pay", "refund_detail_item_list"])),
            ], now: now)
    }

    func agreement(
        _ method: AlipayMethod, _ agreementNo: String, now: Timestamp
    ) throws(ChannelError) -> AlipayForm {
        try form(method, [("agreement_no", .text(agreementNo))], now: now)
    }

    func billAddress(day: BusinessDay, now: Timestamp) throws(ChannelError) -> AlipayForm {
        try form(
            .billAddress,
            [("bill_type", .text("trade")), ("bill_date", .text(day.description))], now: now)
    }

    func form(
        _ method: AlipayMethod, _ content: [(String, JSONText.Value)], now: Timestamp,
        more: [(String, String)] = []
    ) throws(ChannelError) -> AlipayForm {
        let fields =
            [
                ("app_id", configuration.appID), ("method", method.rawValue), ("format", "JSON"),
                ("charset", AlipayCharset.utf8.rawValue), ("sign_type", "RSA2"),
                ("timestamp", now.shanghai), ("version", "1.0"),
                ("app_auth_token", configuration.appAuthToken ?? ""),
            ] + certificateFields + more
            + [("biz_content", content.isEmpty ? "" : JSONText.object(content))]
        do {
            return try signer.signed(try AlipayForm(fields), .request)
        } catch {
            throw .configuration("a request to Alipay can't be signed: \(error)")
        }
    }
}
