import Channels
import Payments

/// A channel whose every call fails: for code that must not call it.
struct SilentChannel: PaymentChannel {
    let account = ChannelAccount(channel: "alipay", appID: "app", sellerID: "seller")
    let notificationReplies = NotificationReplies(
        contentType: "text/plain", acknowledged: "yes", refused: "no")

    private static let failure = ChannelError.configuration("the channel must not be called")

    func payHandle(for request: PayRequest, now: Timestamp) throws -> PayHandle {
        throw Self.failure
    }

    func query(orderNo: String, now: Timestamp) async throws(ChannelError) -> ChannelAnswer {
        throw Self.failure
    }

    func close(orderNo: String, now: Timestamp) async throws(ChannelError) -> ChannelAnswer {
        throw Self.failure
    }

    func refund(
        orderNo: String, refundNo: String, amount: Money, reason: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer {
        throw Self.failure
    }

    func queryRefund(
        orderNo: String, refundNo: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer {
        throw Self.failure
    }

    func bill(day: BusinessDay, now: Timestamp) async throws(ChannelError) -> BillDownload {
        throw Self.failure
    }

    func statement(in file: [UInt8], of day: BusinessDay) throws(BillError) -> Statement {
        throw .notABill("no bill")
    }

    func observation(
        ofNotification message: [UInt8]
    ) throws(ChannelMessageError) -> ChannelObservation {
        throw .unsigned
    }

    func claimedOrderNo(ofNotification message: [UInt8]) -> String? { nil }

    func observation(
        ofAnswer raw: [UInt8], method: String, orderNo: String, refundNo: String?
    ) throws(ChannelMessageError) -> ChannelObservation? {
        throw .unsigned
    }
}
