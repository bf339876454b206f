import Channels
import Payments
import Store

/// The calls that a claimed refund needs at the channel, what is final, and when it is due again.
///
/// The first attempt requests the refund. A later one queries it first: a refund that took effect
/// is published and not requested again. Otherwise the request is repeated under the same number,
/// for which the channel moves money once at most. A request that is answered as done is queried at
/// once: only the query's answer names the refund, and so proves it.
struct RefundPlan: Sendable {
    /// A call to the channel.
    enum Call: String, Sendable {
        case query
        case refund
        case confirm
    }

    /// The first call.
    let first: Call
    private let attempt: Int
    private let now: Timestamp

    /// - Parameter now: the business time of the first call.
    init(_ job: ClaimRefunds.Row, at now: Timestamp) {
        first = job.attempt > 1 ? .query : .refund
        attempt = Int(job.attempt)
        self.now = now
    }

    /// The call after an answered one; `nil` where there is none.
    func call(after call: Call, answer: ChannelAnswer) -> Call? {
        switch call {
        case .query: answer.outcome == .done ? nil : .refund
        case .refund: answer.outcome == .done ? .confirm : nil
        case .confirm: nil
        }
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
