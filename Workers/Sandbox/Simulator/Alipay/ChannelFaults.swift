public import Payments

/// The faults that the channel injects into one trade, and the terms that differ for it.
public struct ChannelFaults: Sendable, Equatable {
    /// The notification of the payment never arrives.
    public var losesNotifications = false
    /// How many more times each notification is sent after it was acknowledged.
    public var repeatedNotifications = 0
    /// How much later the repeats are sent, in seconds of business time: after newer ones.
    public var repeatDelay: Int64 = 0
    /// The notifications of its refunds never arrive.
    public var losesRefundNotifications = false
    /// How much later notifications start, in seconds of business time.
    public var notificationDelay: Int64 = 0
    /// A correctly signed notification with this amount is sent before the right one.
    public var wrongAmount: Money?
    /// A correctly signed notification for another app is sent before the right one.
    public var wrongApp = false
    /// A correctly signed notification for another seller is sent before the right one.
    public var wrongSeller = false
    /// A notification signed with an attacker's key is sent before the right one.
    public var forged = false
    /// How many queries get a system error before the first that doesn't.
    public var queryErrors = 0
    /// How many refunds take effect and get a system error as the response.
    public var refundErrorsAfterEffect = 0
    /// How many responses have no signature before the first that has one.
    public var unsignedResponses = 0
    /// The faults of its server calls' answers: each call takes the first of its method.
    public var answers: [AnswerFault] = []
    /// The channel keeps its fee on refunds.
    public var keepsFeeOnRefund = false
    /// What the merchant's own coupon takes off: of what the payer pays and the merchant receives.
    public var merchantCoupon = Money.zero
    /// What the channel's coupon takes off: the payer pays less, the merchant receives all.
    public var channelCoupon = Money.zero
    /// What the bill adds to the payment's amount.
    public var billDelta = Money.zero
    /// `gmt_payment` of a payment that is taken after midnight; the bill books it when it was
    /// taken.
    public var backdatedPayment: Timestamp?
    /// The channel takes the payment although the trade is expired or closed.
    public var acceptsLatePayment = false

    /// No faults.
    public init() {}
}
