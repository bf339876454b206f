/// The methods that the simulated gateway knows.
enum AlipayMethod: String, Sendable, CaseIterable {
    case pagePay = "alipay.trade.page.pay"
    case wapPay = "alipay.trade.wap.pay"
    case appPay = "alipay.trade.app.pay"
    case query = "alipay.trade.query"
    case close = "alipay.trade.close"
    case refund = "alipay.trade.refund"
    case refundQuery = "alipay.trade.fastpay.refund.query"
    case billDownload = "alipay.data.dataservice.bill.downloadurl.query"

    /// Whether the payer's browser or app sends it.
    var isPage: Bool { productCode != nil }

    /// `product_code` of the paying methods.
    var productCode: String? {
        switch self {
        case .pagePay: "FAST_INSTANT_TRADE_PAY"
        case .wapPay: "QUICK_WAP_WAY"
        case .appPay: "QUICK_MSECURITY_PAY"
        case .query, .close, .refund, .refundQuery, .billDownload: nil
        }
    }
}
