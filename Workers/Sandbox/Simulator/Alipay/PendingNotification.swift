import Payments

/// A notification, how often it was sent, and when it is sent next.
struct PendingNotification: Sendable, Equatable {
    let notification: AlipayNotification
    var attempts = 0
    var due: Timestamp
}
