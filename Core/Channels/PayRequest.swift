public import Payments

/// What the platform wants a payer to pay.
public struct PayRequest: Sendable, Hashable {
    /// The platform's order number; at most 64 letters, digits and underscores.
    public let orderNo: String
    /// How much.
    public let amount: Money
    /// What for, as the payer reads it.
    public let subject: String
    /// How it is paid.
    public let product: Product
    /// Until when it can be paid.
    public let expiresAt: Timestamp
    /// Where the browser goes afterwards.
    public let returnURL: String?
    /// The payer's address, for channels that ask for it; Alipay's page payments don't.
    public let clientIP: String?
    /// Comes back unchanged in the channel's callbacks.
    public let attach: String?

    /// A request.
    public init(
        orderNo: String, amount: Money, subject: String, product: Product,
        expiresAt: Timestamp, returnURL: String? = nil, clientIP: String? = nil,
        attach: String? = nil
    ) {
        self.orderNo = orderNo
        self.amount = amount
        self.subject = subject
        self.product = product
        self.expiresAt = expiresAt
        self.returnURL = returnURL
        self.clientIP = clientIP
        self.attach = attach
    }
}

/// Where, or with what, the payer pays.
public enum PayHandle: Sendable, Hashable {
    /// An address for the payer's browser: PC and WAP.
    case url(String)
    /// A signed text that the merchant's app hands to the channel's: APP.
    case parameters(String)

    /// The address, if it is one.
    public var url: String? { if case .url(let url) = self { url } else { nil } }

    /// The text for the app, if it is one.
    public var parameters: String? {
        if case .parameters(let text) = self { text } else { nil }
    }
}
