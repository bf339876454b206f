import Payments
import Store

/// The result of one attempt.
struct DeliveryResult: Sendable, Equatable {
    /// The receiver's status; `nil` where it sent no complete response.
    let httpStatus: Int32?
    /// Why the attempt isn't acknowledged, at most 300 characters.
    let error: String?
    let isAcknowledged: Bool

    /// An attempt without a complete response.
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
    /// - Parameter attempt: which one this was, from 1.
    func outcome(ofAttempt attempt: Int32, at now: Timestamp) -> CompleteDelivery.Outcome {
        if isAcknowledged { return .acknowledged }
        guard let wait = RetrySchedule.delivery.next(afterAttempt: Int(attempt)) else {
            return .exhausted
        }
        return .again(at: now.adding(wait))
    }
}
