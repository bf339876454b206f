import Channels
import Payments

/// What the channel's answer about one refund says of that refund.
enum RefundState: Sendable, Hashable {
    /// The refund took effect, with its own amount, not a sum. `at` is `nil` where the answer has
    /// no time.
    case succeeded(amount: Money, at: Timestamp?)
    /// The channel has not received it, or is still processing it: query it later, or repeat the
    /// request under the same number.
    case notYet
    /// It has not taken effect, and never will under this number.
    case refused(ChannelRefusal)
    /// The answer proves nothing about this refund: query it.
    case unknown
}

extension PaymentChannel {
    /// What an answer to `refund` or `queryRefund` says of the refund.
    ///
    /// Makes no call.
    func refundState(
        in answer: ChannelAnswer, orderNo: String, refundNo: String
    ) -> RefundState {
        switch answer.outcome {
        case .pending, .refusedForNow: return .notYet
        case .refused(let refusal): return .refused(refusal)
        case .done: break
        }
        let observation = try? observation(
            ofAnswer: answer.rawBody, method: answer.method, orderNo: orderNo, refundNo: refundNo)
        guard let observation, case .refunded(let number, let amount?, _) = observation.kind,
            number == refundNo, amount > .zero
        else { return .unknown }
        return .succeeded(amount: amount, at: observation.at)
    }
}
