package import Simulator

/// The kinds of faults of a played day that come with its plan, in the order of a report.
package enum FaultCase: String, CaseIterable, Sendable {
    case badSignature = "bad signature, key or timestamp"
    case notAllowed = "unknown merchant, product not allowed"
    case repeated = "order sent again"
    case otherContent = "order number reused"
    case malformed = "malformed record"
    case latePayment = "payment late or across midnight"
    case callbackLost = "callback lost"
    case callbackRepeated = "callback repeated"
    case callbackDelayed = "callback delayed"
    case callbackForged = "callback forged"
    case callbackWrong = "callback of wrong amount or seller"
    case channelError = "channel error, response unsigned"
    case refundResponseLost = "refund response lost"
    case unknownOrder = "callback of an unknown order"
    case channelOnly = "trade that only the channel has"
    case billAmount = "wrong amount on the statement"

    /// The fault that happens with an action; `nil` for most.
    /// - Parameter scenario: of the action's order; `nil` where it has none.
    package static func of(_ action: PlannedAction.Kind, _ scenario: OrderScenario?) -> FaultCase? {
        switch action {
        case .submit: scenario.flatMap(ofSubmission)
        case .submitAgain(let signedAnew): signedAnew ? nil : .repeated
        case .submitOther: .otherContent
        case .pay: scenario.flatMap(ofPayment)
        case .refund: scenario == .refundAnswerLost ? .refundResponseLost : nil
        case .malformedOrder, .malformedCallback: .malformed
        case .notifyOfUnknownOrder: .unknownOrder
        case .channelOnlyTrade: .channelOnly
        case .arrive, .close, .consoleRefund: nil
        }
    }

    private static func ofSubmission(_ scenario: OrderScenario) -> FaultCase? {
        switch scenario {
        case .badSignature, .staleTimestamp, .unknownKeyVersion: .badSignature
        case .unknownMerchant, .productNotAllowed: .notAllowed
        default: nil
        }
    }

    private static func ofPayment(_ scenario: OrderScenario) -> FaultCase? {
        switch scenario {
        case .lateAcrossMidnight, .paidAfterClose, .bookedNextDay: .latePayment
        case .notificationLost: .callbackLost
        case .notificationRepeated: .callbackRepeated
        case .notificationDelayed: .callbackDelayed
        case .notificationForged: .callbackForged
        case .wrongAmountNotified, .wrongAppNotified, .wrongSellerNotified: .callbackWrong
        case .queryError, .answerUnsigned: .channelError
        case .wrongBill: .billAmount
        default: nil
        }
    }
}
