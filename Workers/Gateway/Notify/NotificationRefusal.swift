import Channels
import Payments

/// Why a notification isn't published: it isn't the channel's, or not about an order of ours.
struct NotificationRefusal: Error, Sendable, Equatable {
    /// A code, for metrics and the sample; few different ones.
    let reason: String
    /// What is wrong and what to check.
    let detail: String

    static let empty = NotificationRefusal(reason: "empty", detail: "the request has no body")
    static let tooLarge = NotificationRefusal(
        reason: "too_large",
        detail: "the body is larger than \(RequestBody.limit) bytes, or came incompletely")
    static let orderNumber = NotificationRefusal(
        reason: "order_number_form",
        detail: "its order number is none of ours: those are \(OrderNumberForm.description)")

    static func app(_ seen: String) -> NotificationRefusal {
        NotificationRefusal(
            reason: "app_mismatch",
            detail: "it is of app \(seen), which is not the configured one: check where that app's "
                + "notify address points")
    }

    static func seller(_ seen: String) -> NotificationRefusal {
        NotificationRefusal(
            reason: "seller_mismatch",
            detail: "it is of payee \(seen), which is not the configured one")
    }

    init(reason: String, detail: String) {
        self.reason = reason
        self.detail = detail
    }

    init(_ error: ChannelMessageError) {
        self.init(reason: error.reason, detail: "\(error)")
    }
}
