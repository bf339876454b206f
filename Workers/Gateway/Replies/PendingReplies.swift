import Events

/// Requests that wait for the events that reply to them, by correlation key.
///
/// A request registers its key before it sends anything, so its reply can't be missed. A reply
/// whose key nobody has registered is dropped.
actor PendingReplies {
    /// Which reply belongs to which request.
    enum CorrelationKey: Hashable, Sendable {
        /// The decision on a submission, by its `event_id`.
        case submission(EventID)
        /// The next change of an order, by order_no.
        case order(String)
        /// A refund's success, by refund_no.
        case refund(String)
    }

    /// The event that replies.
    enum Reply: Sendable {
        case accepted(OrderAccepted)
        case rejected(OrderRejected)
        case changed(OrderChanged)
    }

    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Reply?, Never>
    }

    private let limit: Int
    // How many requests have registered each key.
    private var registrations: [CorrelationKey: Int] = [:]
    // Replies to registered keys, also those that came before their request began to wait.
    private var replies: [CorrelationKey: Reply] = [:]
    private var waiters: [CorrelationKey: [Waiter]] = [:]
    private var lastID = 0

    /// How many requests are registered.
    private(set) var count = 0

    /// - Parameter limit: how many requests may be registered at once.
    init(limit: Int) { self.limit = limit }

    /// Registers `key`, sends a request, and waits for the reply to it.
    /// - Parameters:
    ///   - wait: how long to wait after sending, in real time.
    ///   - isExpected: whether what was sent will have a reply at all.
    ///   - send: sends the request; its error is passed on.
    /// - Returns: what `send` returned, and the reply: `nil` if none came in time or none is
    ///   expected.
    /// - Throws: `Problem.tooBusy` before anything is sent where `limit` requests are registered.
    func reply<Sent: Sendable>(
        to key: CorrelationKey, within wait: Duration,
        where isExpected: @Sendable (Sent) -> Bool = { _ in true },
        sending send: @Sendable () async throws -> Sent
    ) async throws -> (Sent, Reply?) {
        try register(key)
        defer { unregister(key) }
        let sent = try await send()
        guard isExpected(sent) else { return (sent, nil) }
        return (sent, await awaitReply(to: key, within: wait))
    }

    /// Passes a reply on to every request that has registered its key.
    func resolve(_ key: CorrelationKey, with reply: Reply) {
        guard registrations[key] != nil else { return }
        replies[key] = reply
        for waiter in waiters.removeValue(forKey: key) ?? [] {
            waiter.continuation.resume(returning: reply)
        }
    }

    private func register(_ key: CorrelationKey) throws(Problem) {
        guard count < limit else { throw .tooBusy }
        count += 1
        registrations[key, default: 0] += 1
    }

    private func unregister(_ key: CorrelationKey) {
        count -= 1
        registrations[key, default: 1] -= 1
        guard registrations[key] == 0 else { return }
        registrations[key] = nil
        replies[key] = nil
    }

    private func awaitReply(to key: CorrelationKey, within wait: Duration) async -> Reply? {
        if let reply = replies[key] { return reply }
        lastID += 1
        let id = lastID
        let timer = Task {
            try await Task.sleep(for: wait)
            self.expire(key, id)
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { continuation in
            waiters[key, default: []].append(Waiter(id: id, continuation: continuation))
        }
    }

    private func expire(_ key: CorrelationKey, _ id: Int) {
        guard let place = waiters[key]?.firstIndex(where: { $0.id == id }) else { return }
        let waiter = waiters[key]?.remove(at: place)
        if waiters[key]?.isEmpty == true { waiters[key] = nil }
        waiter?.continuation.resume(returning: nil)
    }
}
