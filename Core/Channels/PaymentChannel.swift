public import Payments

/// What a payment channel can do for the platform, whichever channel it is.
///
/// A call that throws `ChannelError.unknownOutcome` may have had its effect: repeat it with the
/// same numbers, or ask. What a message means is decided in one place, by the two `observation`
/// functions, over the bytes as the channel sent them.
public protocol PaymentChannel: Sendable {
    /// The channel's name in events and tables, for example `alipay`.
    var name: String { get }

    /// Where the payer pays. Signed here, without asking the channel; the same request at the same
    /// time gives the same handle.
    func payHandle(for request: PayRequest, now: Timestamp) throws -> PayHandle

    /// Asks what became of an order.
    func query(orderNo: String, now: Timestamp) async throws(ChannelError) -> ChannelAnswer

    /// Has an unpaid order closed. A refusal is an answer too: the payer may have been faster.
    func close(orderNo: String, now: Timestamp) async throws(ChannelError) -> ChannelAnswer

    /// Gives money back. The same number with the same amount moves it once, however often asked.
    func refund(
        orderNo: String, refundNo: String, amount: Money, reason: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer

    /// Asks what became of a refund.
    func queryRefund(
        orderNo: String, refundNo: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer

    /// Fetches the day's bill.
    func bill(day: BusinessDay, now: Timestamp) async throws(ChannelError) -> BillDownload

    /// What a callback says, after its signature has been verified.
    /// - Parameter form: the form body as it was received.
    func observation(
        ofNotification form: [UInt8]
    ) throws(ChannelMessageError) -> ChannelObservation

    /// What an answer says, after its signature has been verified.
    /// - Parameters:
    ///   - raw: the body as it was received.
    ///   - method: the channel's name of what was asked, as in `ChannelAnswer.method`.
    ///   - refundNo: the refund that was asked about, if one was.
    /// - Returns: `nil` where the answer is genuine and says nothing about the order's state.
    func observation(
        ofAnswer raw: [UInt8], method: String, orderNo: String, refundNo: String?
    ) throws(ChannelMessageError) -> ChannelObservation?
}
