public import Payments

/// What the platform asked the channel to collect.
public struct TradeTerms: Sendable, Equatable {
    /// `out_trade_no`.
    public let orderNo: String
    /// `total_amount`.
    public let amount: Money
    /// What the payer sees.
    public let subject: String
    /// `product_code`, for example `FAST_INSTANT_TRADE_PAY`.
    public let productCode: String
    /// `time_expire`: paid before this or never.
    public let expiresAt: Timestamp?
    /// Where notifications go.
    public let notifyURL: String?
    /// Where the payer's browser goes after paying.
    public let returnURL: String?
    /// Given back unchanged in notifications.
    public let passback: String?

    /// Terms by their members.
    public init(
        orderNo: String, amount: Money, subject: String, productCode: String,
        expiresAt: Timestamp? = nil, notifyURL: String? = nil, returnURL: String? = nil,
        passback: String? = nil
    ) {
        self.orderNo = orderNo
        self.amount = amount
        self.subject = subject
        self.productCode = productCode
        self.expiresAt = expiresAt
        self.notifyURL = notifyURL
        self.returnURL = returnURL
        self.passback = passback
    }
}
