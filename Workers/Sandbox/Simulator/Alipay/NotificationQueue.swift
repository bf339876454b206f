import Payments

/// Notifications by their due time; no clock and no sockets.
struct NotificationQueue: Sendable {
    /// The waits after each failed attempt (channel protocol §3.5): 4, 10, 10 minutes, 1, 2, 6, 15
    /// hours; in seconds.
    static let waits: [Int64] = [240, 600, 600, 3600, 7200, 21_600, 54_000]

    private(set) var pending: [PendingNotification] = []

    var nextDue: Timestamp? { pending.map(\.due).min() }

    mutating func add(_ notification: AlipayNotification, at due: Timestamp) {
        pending.append(PendingNotification(notification: notification, due: due))
    }

    /// Removes and returns what is due: a list for each trade, in the order of adding.
    mutating func takeDue(at now: Timestamp) -> [[PendingNotification]] {
        let due = pending.filter { $0.due <= now }
        pending.removeAll { $0.due <= now }
        var order: [String] = []
        var lists: [String: [PendingNotification]] = [:]
        for item in due {
            let key = item.notification.orderNo
            if lists[key] == nil { order.append(key) }
            lists[key, default: []].append(item)
        }
        return order.compactMap { lists[$0] }
    }

    /// Schedules the next attempt of a notification that wasn't acknowledged; drops it after the
    /// last.
    mutating func retry(_ item: PendingNotification, at now: Timestamp) {
        var again = item
        again.attempts += 1
        guard item.notification.isRetried, again.attempts <= Self.waits.count else { return }
        again.due = now.adding(seconds: Self.waits[again.attempts - 1])
        pending.append(again)
    }
}
