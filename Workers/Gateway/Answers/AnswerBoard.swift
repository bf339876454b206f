import Events

/// Where requests wait for the events that answer them.
///
/// A waiter is added before its question is published, so an answer can't be missed. An answer that
/// nobody waits for is forgotten.
actor AnswerBoard {
    /// What is waited for.
    enum Question: Hashable, Sendable {
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
    private var waiters: [Question: [Waiter]] = [:]
    private var early: [Question: Answer] = [:]
    private var expected: Set<Question> = []
    private var lastID = 0

    /// - Parameter limit: how many requests may wait at once.
    init(limit: Int) { self.limit = limit }

    /// How many requests wait.
    var count: Int { expected.count }

    /// Announces a question whose answer is to be kept from now on.
    func expect(_ question: Question) throws(Problem) {
        guard expected.count < limit else { throw .tooBusy }
        expected.insert(question)
    }

    /// Forgets a question that nobody will ask for.
    func forget(_ question: Question) {
        expected.remove(question)
        early[question] = nil
    }

    /// The answer, or `nil` if none comes within `wait` (real time).
    func answer(to question: Question, within wait: Duration) async -> Answer? {
        defer { forget(question) }
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

    /// Hands an answer to whoever waits for it.
    func post(_ answer: Answer, to question: Question) {
        guard expected.contains(question) else { return }
        early[question] = answer
        for waiter in waiters.removeValue(forKey: question) ?? [] {
            waiter.continuation.resume(returning: answer)
        }
    }

    private func giveUp(_ question: Question, _ id: Int) {
        guard let place = waiters[question]?.firstIndex(where: { $0.id == id }) else { return }
        let waiter = waiters[question]?.remove(at: place)
        if waiters[question]?.isEmpty == true { waiters[question] = nil }
        waiter?.continuation.resume(returning: nil)
    }
}
