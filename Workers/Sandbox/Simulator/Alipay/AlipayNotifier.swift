import Payments
import WorkerRuntime

/// Sends notifications, and retries them until the platform's reply is `success`.
actor AlipayNotifier {
    private let transport: any NotificationTransport
    private let clock: any BusinessClock
    private var queue = NotificationQueue()
    private var sending = 0

    /// Trades whose notifications are in flight at the same time.
    private static let width = 32

    init(transport: any NotificationTransport, clock: any BusinessClock) {
        self.transport = transport
        self.clock = clock
    }

    /// Whether nothing is in flight and nothing is due.
    var isIdle: Bool {
        sending == 0 && queue.nextDue.map { $0 > clock.now() } ?? true
    }

    func enqueue(_ notification: AlipayNotification, at due: Timestamp) {
        queue.add(notification, at: due)
    }

    /// Sends everything that is due; returns when each has a reply or has failed.
    func sendDue() async {
        let now = clock.now()
        let lists = queue.takeDue(at: now)
        guard !lists.isEmpty else { return }
        sending += 1
        defer { sending -= 1 }
        await withTaskGroup(of: Void.self) { group in
            for (index, list) in lists.enumerated() {
                if index >= Self.width { await group.next() }
                group.addTask { await self.send(list, now: now) }
            }
        }
    }

    private func send(_ list: [PendingNotification], now: Timestamp) async {
        for item in list {
            if await transport.post(item.notification) {
                for _ in 0..<item.notification.repeats {
                    _ = await transport.post(item.notification)
                }
            } else {
                queue.retry(item, at: now)
            }
        }
    }
}
