import Channels
import Payments
import Store

/// The calls that a claimed refund needs at the channel, what is final, and when it is due again.
///
/// The first attempt requests the refund. A later one queries it first, so that a refund that took
/// effect is published, and repeats the request under the same number: the channel moves money for
/// one number at most once.
struct RefundPlan: Sendable {
    /// A call to the channel.
    enum Call: Sendable {
        case query
        case refund
    }

    /// The calls, in order.
    let calls: [Call]
    private let attempt: Int
    private let now: Timestamp

    /// - Parameter now: the business time of the first call.
    init(_ job: ClaimRefunds.Row, at now: Timestamp) {
        calls = job.attempt > 1 ? [.query, .refund] : [.refund]
        attempt = Int(job.attempt)
        self.now = now
    }

    /// Why the refund has failed for good; `nil` where it hasn't.
    ///
    /// Only the request's own answer is final. A query is refused too where the channel hasn't
    /// received the refund yet, and an error leaves the outcome unknown.
    func failure(in answer: ChannelAnswer, to call: Call) -> String? {
        guard call == .refund, case .refused(let refusal) = answer.outcome else { return nil }
        return "\(refusal)"
    }

    /// When the refund is due again, if its answers leave it open.
    var nextAt: Timestamp {
        now.adding(RetrySchedule.inquiry.next(afterAttempt: attempt) ?? .seconds(3_600))
    }
}
