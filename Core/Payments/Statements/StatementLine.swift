/// A line of a channel's statement: a payment or a refund completed on its day.
public struct StatementLine: Sendable, Hashable {
    /// The direction of the money.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// A payment.
        case trade
        /// A refund.
        case refund
    }

    /// The line's number in the statement, from 1.
    public let lineNo: Int
    /// Payment or refund.
    public let kind: Kind
    /// The channel's trade number.
    public let channelTradeNo: String
    /// The platform's order number.
    public let orderNo: String
    /// The platform's refund number; on refunds, where the channel has it.
    public let refundNo: String?
    /// The amount, never negative.
    public let amount: Money
    /// On a payment, the fee that the channel charged; on a refund, the fee that it returned. Never
    /// negative.
    public let fee: Money
    /// When the trade was created, on refunds too.
    public let createdAt: Timestamp
    /// When the payment or the refund was completed; decides the day.
    public let completedAt: Timestamp
    /// The order's description.
    public let subject: String

    /// A line of these fields.
    public init(
        lineNo: Int, kind: Kind, channelTradeNo: String, orderNo: String, refundNo: String?,
        amount: Money, fee: Money, createdAt: Timestamp, completedAt: Timestamp,
        subject: String
    ) {
        self.lineNo = lineNo
        self.kind = kind
        self.channelTradeNo = channelTradeNo
        self.orderNo = orderNo
        self.refundNo = refundNo
        self.amount = amount
        self.fee = fee
        self.createdAt = createdAt
        self.completedAt = completedAt
        self.subject = subject
    }
}
