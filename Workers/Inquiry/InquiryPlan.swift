import Channels
import Payments
import Store

/// The calls that a claimed order needs at the channel, and when its next inquiry is due.
///
/// An order is queried until its payment time has ended or its merchant wants it closed; then it
/// is closed there. The callback worker decides its state from the answers.
///
/// The channel doesn't know a trade before the payer has opened the cashier, and the pay URL can't
/// be withdrawn. So an order that its merchant wants closed, and that the channel doesn't know,
/// stays in progress: it is closed as soon as its trade exists, or at the end of its payment time.
struct InquiryPlan: Sendable {
    /// A call to the channel.
    enum Call: String, Sendable {
        case query
        case close
    }

    /// The first call.
    let first: Call
    private let attempt: Int
    private let closeRequested: Bool
    private let expiresAt: Timestamp
    private let now: Timestamp

    /// - Parameter now: the business time of the first call.
    init(_ job: ClaimInquiries.Row, at now: Timestamp) {
        first = job.closeRequested || now >= job.expiresAt ? .close : .query
        attempt = Int(job.attempt)
        closeRequested = job.closeRequested
        expiresAt = job.expiresAt
        self.now = now
    }

    /// The call after an answered one; `nil` where there is none.
    ///
    /// A refused close may mean that the payer has just paid: the order is queried.
    func call(after call: Call, answer: ChannelAnswer) -> Call? {
        call == .close && answer.outcome != .done ? .query : nil
    }

    /// The call after one without a usable answer; `nil` where there is none.
    ///
    /// A close whose answer was lost may have taken effect, or the payer may have paid first. Only
    /// repeated, an order that the channel can't close would stay in progress for ever.
    func call(afterUnanswered call: Call) -> Call? { call == .close ? .query : nil }

    /// The longest wait for the trade of an order that is to be closed before its expiry.
    private static let closing = Duration.seconds(300)

    /// When the next inquiry is due, if the answers leave the order in progress: by the schedule,
    /// and at the order's expiry in any case.
    var nextAt: Timestamp {
        let wait = RetrySchedule.inquiry.next(afterAttempt: attempt) ?? .seconds(3_600)
        guard now < expiresAt else { return now.adding(wait) }
        return min(now.adding(closeRequested ? min(wait, Self.closing) : wait), expiresAt)
    }
}
