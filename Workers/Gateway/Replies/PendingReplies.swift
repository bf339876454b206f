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
    private let perCaller: Int
    // How many each caller has registered, and all together who haven't proven to be a party.
    private var callers: [Caller: Int] = [:]
    private var unproven = 0
    // How many requests have registered each key.
    private var registrations: [CorrelationKey: Int] = [:]
    // Replies to registered keys, also those that came before their request began to wait.
    private var replies: [CorrelationKey: Reply] = [:]
    private var waiters: [CorrelationKey: [Waiter]] = [:]
    private var lastID = 0

    /// How many requests are registered.
    private(set) var count = 0

    /// - Parameters:
    ///   - limit: how many requests may be registered at once; half of them by callers who haven't
    ///     proven to be a party.
    ///   - perCaller: how many by one caller; `limit` if `nil`.
    init(limit: Int, perCaller: Int? = nil) {
        self.limit = limit
        self.perCaller = perCaller ?? limit
    }

    /// Registers `key`, sends a request, and waits for the reply to it.
    /// - Parameters:
    ///   - wait: how long to wait after sending, in real time.
    ///   - caller: whom the request is counted for; `nil` for nobody.
    ///   - isExpected: whether what was sent will have a reply at all.
    ///   - send: sends the request; its error is passed on.
    /// - Returns: what `send` returned, and the reply: `nil` if none came in time, or none has come
    ///   and none is expected.
    /// - Throws: `Problem.tooBusy` before anything is sent where too many requests are registered.
    func reply<Sent: Sendable>(
        to key: CorrelationKey, within wait: Duration, for caller: Caller? = nil,
        where isExpected: @Sendable (Sent) -> Bool = { _ in true },
        sending send: @Sendable () async throws -> Sent
    ) async throws -> (Sent, Reply?) {
        try register(key, caller)
        defer { unregister(key, caller) }
        let sent = try await send()
        guard isExpected(sent) else { return (sent, replies[key]) }
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

    private func register(_ key: CorrelationKey, _ caller: Caller?) throws(Problem) {
        guard count < limit else { throw .tooBusy }
        if let caller {
            guard callers[caller, default: 0] < perCaller,
                caller.isProven || 2 * unproven < limit
            else { throw .tooBusy }
            callers[caller, default: 0] += 1
            if !caller.isProven { unproven += 1 }
        }
        count += 1
        registrations[key, default: 0] += 1
    }

    private func unregister(_ key: CorrelationKey, _ caller: Caller?) {
        count -= 1
        if let caller {
            let left = callers[caller, default: 1] - 1
            callers[caller] = left > 0 ? left : nil
            if !caller.isProven { unproven -= 1 }
        }
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
