import Events

/// Where requests wait for the events that answer them.
///
/// A request is on the pending before it asks, so an answer can't be missed. An answer that nobody
/// waits for is forgotten.
actor PendingReplies {
    /// What is waited for.
    enum CorrelationKey: Hashable, Sendable {
        /// The decision on a submission.
        case submission(EventID)
        /// The next change of an order.
        case order(String)
        /// A refund's success.
        case refund(String)
    }

    /// What was answered.
    enum Answer: Sendable {
        case accepted(OrderAccepted)
        case rejected(OrderRejected)
        case changed(OrderChanged)
    }

    private struct Waiter {
        let id: Int
        let continuation: CheckedContinuation<Answer?, Never>
    }

    private let limit: Int
    // How many requests ask each question; answers to others are dropped.
    private var askers: [CorrelationKey: Int] = [:]
    private var early: [CorrelationKey: Answer] = [:]
    private var waiters: [CorrelationKey: [Waiter]] = [:]
    private var lastID = 0

    /// How many requests wait.
    private(set) var count = 0

    /// - Parameter limit: how many requests may wait at once.
    init(limit: Int) { self.limit = limit }

    /// Asks, and returns what asking gave with the answer: `nil` if none comes within `wait` (real
    /// time) after asking, or none is owed.
    /// - Parameters:
    ///   - isOwed: whether an answer is to be waited for.
    ///   - ask: puts the question; its error is passed on.
    func answer<Asked: Sendable>(
        to question: CorrelationKey, within wait: Duration,
        where isOwed: @Sendable (Asked) -> Bool = { _ in true },
        asking ask: @Sendable () async throws -> Asked
    ) async throws -> (Asked, Answer?) {
        guard count < limit else { throw Problem.tooBusy }
        count += 1
        askers[question, default: 0] += 1
        defer { leave(question) }
        let asked = try await ask()
        guard isOwed(asked) else { return (asked, nil) }
        return (asked, await answer(to: question, within: wait))
    }

    private func answer(to question: CorrelationKey, within wait: Duration) async -> Answer? {
        if let answer = early[question] { return answer }
        lastID += 1
        let id = lastID
        let timer = Task {
            try await Task.sleep(for: wait)
            self.giveUp(question, id)
        }
        defer { timer.cancel() }
        return await withCheckedContinuation { continuation in
            waiters[question, default: []].append(Waiter(id: id, continuation: continuation))
        }
    }

    private func leave(_ question: CorrelationKey) {
        count -= 1
        askers[question, default: 1] -= 1
        guard askers[question] == 0 else { return }
        askers[question] = nil
        early[question] = nil
    }

    /// Hands an answer to whoever waits for it.
    func post(_ answer: Answer, to question: CorrelationKey) {
        guard askers[question] != nil else { return }
        early[question] = answer
        for waiter in waiters.removeValue(forKey: question) ?? [] {
            waiter.continuation.resume(returning: answer)
        }
    }

    private func giveUp(_ question: CorrelationKey, _ id: Int) {
        guard let place = waiters[question]?.firstIndex(where: { $0.id == id }) else { return }
        let waiter = waiters[question]?.remove(at: place)
        if waiters[question]?.isEmpty == true { waiters[question] = nil }
        waiter?.continuation.resume(returning: nil)
    }
}
