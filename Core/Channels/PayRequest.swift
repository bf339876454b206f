public import Payments

/// A payment to be made by a payer.
public struct PayRequest: Sendable, Hashable {
    /// The platform's order number; at most 64 of `A-Z`, `a-z`, `0-9` and `_`.
    public let orderNo: String
    /// Greater than zero.
    public let amount: Money
    /// The subject shown to the payer.
    public let subject: String
    /// Page, mobile page or app.
    public let product: Product
    /// The channel refuses payments from here on.
    public let expiresAt: Timestamp
    /// The browser's address after the payment.
    public let returnURL: String?
    /// The payer's IP address, for channels that require it.
    public let clientIP: String?
    /// Returned unchanged in the channel's callbacks.
    public let attach: String?
    /// The channel's number of the merchant where the platform's contract covers it (Alipay: smid);
    /// `nil` where the payee is the platform's own account.
    public let subMerchantNo: String?

    /// A payment by its parts.
    public init(
        orderNo: String, amount: Money, subject: String, product: Product,
        expiresAt: Timestamp, returnURL: String? = nil, clientIP: String? = nil,
        attach: String? = nil, subMerchantNo: String? = nil
    ) {
        self.orderNo = orderNo
        self.amount = amount
        self.subject = subject
        self.product = product
        self.expiresAt = expiresAt
        self.returnURL = returnURL
        self.clientIP = clientIP
        self.attach = attach
        self.subMerchantNo = subMerchantNo
    }
}

/// The signed pay URL, or the signed parameters for the channel's app.
public enum PayHandle: Sendable, Hashable {
    /// An address for the payer's browser: PC and WAP.
    case url(String)
    /// A signed text that the merchant's app passes to the channel's app: APP.
    case parameters(String)

    /// The address, if it is one.
    public var url: String? { if case .url(let url) = self { url } else { nil } }

    /// The text for the app, if it is one.
    public var parameters: String? {
        if case .parameters(let text) = self { text } else { nil }
    }
}
