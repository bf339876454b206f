/// The methods that the simulated gateway knows.
enum AlipayMethod: String, Sendable, CaseIterable {
    case pagePay = "alipay.trade.page.pay"
    case wapPay = "alipay.trade.wap.pay"
    case appPay = "alipay.trade.app.pay"
    case query = "alipay.trade.query"
    case close = "alipay.trade.close"
    case cancel = "alipay.trade.cancel"
    case refund = "alipay.trade.refund"
    case refundQuery = "alipay.trade.fastpay.refund.query"
    case billDownload = "alipay.data.dataservice.bill.downloadurl.query"
    case agreementQuery = "alipay.user.agreement.query"
    case agreementUnsign = "alipay.user.agreement.unsign"
    case riskQuery = "alipay.security.risk.customerrisk.query"
    case imageUpload = "ant.merchant.expand.indirect.image.upload"
    case merchantConsult = "ant.merchant.expand.indirect.zft.consult"
    case merchantCreate = "ant.merchant.expand.indirect.zft.create"
    case merchantQuery = "ant.merchant.expand.indirect.zftorder.query"

    /// Whether the payer's browser or app sends it.
    var isPage: Bool { productCode != nil }

    /// `product_code` of the paying methods.
    var productCode: String? {
        switch self {
        case .pagePay: "FAST_INSTANT_TRADE_PAY"
        case .wapPay: "QUICK_WAP_WAY"
        case .appPay: "QUICK_MSECURITY_PAY"
        case .query, .close, .cancel, .refund, .refundQuery, .billDownload, .agreementQuery,
            .agreementUnsign, .riskQuery, .imageUpload, .merchantConsult, .merchantCreate,
            .merchantQuery:
            nil
        }
    }

    /// Whether a payment may name the code. A widely used SDK writes WAP's differently.
    func accepts(productCode code: String?) -> Bool {
        code == productCode || (self == .wapPay && code == "QUICK_WAP_PAY")
    }
}
