public import Payments

/// What the channel does wrong on one trade, on purpose.
public struct ChannelFaults: Sendable, Equatable {
    /// No notification of the payment arrives, however often it is sent.
    public var losesNotifications = false
    /// How many more times each notification is sent after it was acknowledged.
    public var repeatedNotifications = 0
    /// How much later notifications start, in seconds of business time.
    public var notificationDelay: Int64 = 0
    /// A properly signed notification with this amount goes before the right one.
    public var wrongAmount: Money?
    /// A properly signed notification for another app goes before the right one.
    public var wrongApp = false
    /// A properly signed notification for another seller goes before the right one.
    public var wrongSeller = false
    /// A notification signed with an attacker's key goes before the right one.
    public var forged = false
    /// How many queries are answered with a system error first.
    public var queryErrors = 0
    /// How many refunds are done and then answered with a system error.
    public var refundErrorsAfterEffect = 0
    /// How many answers come without a signature first.
    public var unsignedAnswers = 0
    /// What the bill adds to the payment's amount.
    public var billDelta = Money.zero
    /// The payment's own time, where the channel takes it only after midnight: `gmt_payment` says
    /// this, the bill books it when it was taken.
    public var backdatedPayment: Timestamp?
    /// Takes the money although the trade is expired or closed.
    public var acceptsLatePayment = false

    /// No faults.
    public init() {}
}
