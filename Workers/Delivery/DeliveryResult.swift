import Payments
import Store

/// The result of one attempt.
struct DeliveryResult: Sendable, Equatable {
    /// The receiver's status; `nil` where it sent no whole response.
    let httpStatus: Int32?
    /// Why the attempt isn't acknowledged, at most 300 characters.
    let error: String?
    let isAcknowledged: Bool

    /// An attempt without a whole response.
    init(error: String) {
        httpStatus = nil
        self.error = String(error.prefix(300))
        isAcknowledged = false
    }

    /// A response: acknowledged by 2xx and a body that, trimmed, is `success`.
    init(status: Int32, body: String) {
        let isSuccess = body.split(whereSeparator: \.isWhitespace) == ["success"]
        httpStatus = status
        isAcknowledged = (200..<300).contains(status) && isSuccess
        error = isAcknowledged ? nil : "the reply was \(status) without 'success' as its body"
    }

    /// What follows from it: no further attempt, the next one by the schedule, or none left.
    /// - Parameters:
    ///   - attempt: which one this was, from 1.
    ///   - resentAfter: how many of them came before an operator sent it again: the schedule
    ///     begins after these.
    func outcome(
        ofAttempt attempt: Int32, resentAfter: Int32 = 0, at now: Timestamp
    ) -> CompleteDeliveries.Outcome {
        if isAcknowledged { return .acknowledged }
        let made = Int(attempt - resentAfter)
        guard let wait = RetrySchedule.delivery.next(afterAttempt: made) else {
            return .exhausted
        }
        return .again(at: now.adding(wait))
    }

    /// How the receiver took it.
    func reply(after time: Duration) -> ReceiverWindows.Reply {
        guard httpStatus != nil else { return .none }
        return time <= ReceiverWindows.promptTime ? .prompt : .slow
    }
}
