public import Payments

/// What a payment channel can do for the platform, whichever channel it is.
///
/// A call that throws `ChannelError.unknownOutcome` may have had its effect: repeat it with the
/// same numbers, or query it. What a message means is decided in one place, by the two
/// `observation` functions, over the bytes as the channel sent them.
public protocol PaymentChannel: StatementReader {
    /// The pay URL, or the app's parameters, of a payment. Signed here, without a call to the
    /// channel; the same request at the same time returns the same handle.
    func payHandle(for request: PayRequest, now: Timestamp) throws -> PayHandle

    /// Queries the state of an order.
    func query(orderNo: String, now: Timestamp) async throws(ChannelError) -> ChannelAnswer

    /// Closes an unpaid order. A refusal is an answer: the payer may have paid first.
    func close(orderNo: String, now: Timestamp) async throws(ChannelError) -> ChannelAnswer

    /// Refunds a part or all of an order. The same number with the same amount moves money once,
    /// however often it is sent; with another amount it is refused.
    func refund(
        orderNo: String, refundNo: String, amount: Money, reason: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer

    /// Cancels an order whose outcome isn't known: the channel closes it if it is unpaid, and
    /// refunds it in full if it was just paid. The answer says which; query the order after it.
    ///
    /// Channels limit it in time and to some products.
    func cancel(orderNo: String, now: Timestamp) async throws(ChannelError) -> ChannelAnswer

    /// Queries the state of a refund, also of one that was made at the channel's own console. Only
    /// its answer, which names the refund, proves one.
    ///
    /// `pending` is a refund that the channel hasn't received, or is processing; `refused` one that
    /// has ended without effect.
    func queryRefund(
        orderNo: String, refundNo: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer

    /// Downloads the day's bill, which `statement(in:of:)` reads.
    func bill(day: BusinessDay, now: Timestamp) async throws(ChannelError) -> BillDownload

    /// What a notification says, after its signature has been verified.
    ///
    /// App and payee are part of the result: the order decides whether they are its own.
    /// - Parameter message: the HTTP body as it was received.
    func observation(
        ofNotification message: [UInt8]
    ) throws(ChannelMessageError) -> ChannelObservation

    /// The order that a notification names, without verification: only for the partition key of a
    /// message that is stored unread.
    func claimedOrderNo(ofNotification message: [UInt8]) -> String?

    /// What the channel expects as the reply to a notification.
    var notificationReplies: NotificationReplies { get }

    /// What an answer says, after its signature has been verified.
    /// - Parameters:
    ///   - raw: the body as it was received.
    ///   - method: as in `ChannelAnswer.method`.
    ///   - refundNo: the refund that was requested or queried, if one was.
    /// - Returns: `nil` where the answer is genuine and says nothing about the order's state.
    /// - Throws: `wrongSubject` for an answer that says something and doesn't name this order, so
    ///   that a genuine answer about one order has no effect on another.
    func observation(
        ofAnswer raw: [UInt8], method: String, orderNo: String, refundNo: String?
    ) throws(ChannelMessageError) -> ChannelObservation?
}

extension PaymentChannel {
    /// Refuses: not every channel can cancel.
    public func cancel(
        orderNo: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer {
        throw .configuration("the channel '\(name)' can't cancel; close order \(orderNo)")
    }
}
