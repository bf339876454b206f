import Channels
import Payments

/// The gateway's methods that the adapter calls (channel protocol §2).
enum AlipayMethod: String, Sendable, CaseIterable {
    case pagePay = "alipay.trade.page.pay"
    case wapPay = "alipay.trade.wap.pay"
    case appPay = "alipay.trade.app.pay"
    case query = "alipay.trade.query"
    case close = "alipay.trade.close"
    case cancel = "alipay.trade.cancel"
    case refund = "alipay.trade.refund"
    case queryRefund = "alipay.trade.fastpay.refund.query"
    case billAddress = "alipay.data.dataservice.bill.downloadurl.query"
    case agreement = "alipay.user.agreement.query"
    case endAgreement = "alipay.user.agreement.unsign"
    case blacklist = "alipay.security.risk.customerrisk.query"
    case uploadImage = "ant.merchant.expand.indirect.image.upload"
    case consult = "ant.merchant.expand.indirect.zft.consult"
    case create = "ant.merchant.expand.indirect.zft.create"
    case queryRegistration = "ant.merchant.expand.indirect.zftorder.query"

    /// The method that pays a product.
    init(paying product: Product) {
        switch product {
        case .pc: self = .pagePay
        case .wap: self = .wapPay
        case .app: self = .appPay
        }
    }

    /// The method that sends a registration.
    init(registering phase: RegistrationPhase) {
        switch phase {
        case .consult: self = .consult
        case .create: self = .create
        }
    }

    /// `product_code` of a payment.
    static func productCode(_ product: Product) -> String {
        switch product {
        case .pc: "FAST_INSTANT_TRADE_PAY"
        case .wap: "QUICK_WAP_WAY"
        case .app: "QUICK_MSECURITY_PAY"
        }
    }
}
