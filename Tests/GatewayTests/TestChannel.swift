import Channels
import Payments

/// A channel whose notifications are `genuine ORDER_NO [APP [SELLER]]`; everything else is forged.
struct TestChannel: PaymentChannel {
    let account = ChannelAccount(
        channel: "test", appID: "app-1", sellerID: "seller-1", billAccount: nil)
    let notificationReplies = NotificationReplies(
        contentType: "text/x-test", acknowledged: "taken", refused: "not taken")

    func observation(
        ofNotification message: [UInt8]
    ) throws(ChannelMessageError) -> ChannelObservation {
        let words = String(decoding: message, as: UTF8.self).split(separator: " ")
        guard (2...4).contains(words.count), words[0] == "genuine" else { throw .badSignature }
        return ChannelObservation(
            orderNo: String(words[1]), kind: .paid,
            appID: words.count > 2 ? String(words[2]) : nil,
            sellerID: words.count > 3 ? String(words[3]) : nil)
    }

    func claimedOrderNo(ofNotification message: [UInt8]) -> String? {
        String(decoding: message, as: UTF8.self).split(separator: " ").dropFirst().first
            .map(String.init)
    }

    // MARK: Not of these tests

    private static let notCalled = ChannelError.configuration("a test doesn't call this")

    func payHandle(for request: PayRequest, now: Timestamp) throws -> PayHandle {
        throw Self.notCalled
    }

    func query(orderNo: String, now: Timestamp) async throws(ChannelError) -> ChannelAnswer {
        throw Self.notCalled
    }

    func close(orderNo: String, now: Timestamp) async throws(ChannelError) -> ChannelAnswer {
        throw Self.notCalled
    }

    func refund(
        orderNo: String, refundNo: String, amount: Money, reason: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer { throw Self.notCalled }

    func queryRefund(
        orderNo: String, refundNo: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer { throw Self.notCalled }

    func bill(day: BusinessDay, now: Timestamp) async throws(ChannelError) -> BillDownload {
        throw Self.notCalled
    }

    func statement(in file: [UInt8], of day: BusinessDay) throws(BillError) -> Statement {
        throw .notABill("a test doesn't call this")
    }

    func observation(
        ofAnswer raw: [UInt8], method: String, orderNo: String, refundNo: String?
    ) throws(ChannelMessageError) -> ChannelObservation? { nil }
}
