import Payments

/// A trade as the channel keeps it.
public struct Trade: Sendable, Equatable {
    /// The channel's states (channel protocol §4).
    public enum Status: String, Sendable {
        /// The payer has arrived and not paid.
        case waiting = "WAIT_BUYER_PAY"
        /// Paid.
        case paid = "TRADE_SUCCESS"
        /// Never paid in time, or refunded in full.
        case closed = "TRADE_CLOSED"
    }

    /// The channel's number.
    public let tradeNo: String
    /// What it was opened with.
    public let terms: TradeTerms
    /// Where it stands.
    public internal(set) var status: Status
    /// When the payer arrived.
    public let createdAt: Timestamp
    /// When it was paid, if it was.
    public internal(set) var paidAt: Timestamp?
    /// When it was closed, if it was.
    public internal(set) var closedAt: Timestamp?
    /// Refunds in the order they were made.
    public internal(set) var refunds: [TradeRefund] = []
    /// When the bill books the payment, where that isn't `paidAt`.
    public internal(set) var bookedAt: Timestamp?

    /// The platform's number: `out_trade_no`.
    public var orderNo: String { terms.orderNo }
    /// What has been given back so far.
    public var refunded: Money { refunds.last?.cumulative ?? .zero }
}

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

/// Money given back on a trade.
public struct TradeRefund: Sendable, Equatable {
    /// `out_request_no`: the same number is the same refund.
    public let requestNo: String
    /// What this refund gave back.
    public let amount: Money
    /// What all refunds up to this one gave back.
    public let cumulative: Money
    /// When.
    public let refundedAt: Timestamp
}
