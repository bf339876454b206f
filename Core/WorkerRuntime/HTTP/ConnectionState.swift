/// When a connection is to be closed: pure, given what happened on it and when.
struct ConnectionState: Sendable {
    private let requestTime: Duration
    private let idleTime: Duration
    private let answerTime: Duration
    // Since when a request arrives; `nil` between requests.
    private var arrivingSince: ContinuousClock.Instant?
    // Requests that came whole and whose response isn't written whole.
    private var unanswered = 0
    // Whether the response was written before its request had come whole.
    private var isAnsweredEarly = false
    private var lastStep: ContinuousClock.Instant

    /// - Parameter now: when the connection was opened: its first request is awaited like one that
    ///   has begun.
    init(limits: ConnectionLimits, now: ContinuousClock.Instant) {
        requestTime = limits.requestTime
        idleTime = limits.idleTime
        answerTime = limits.answerTime
        arrivingSince = now
        lastStep = now
    }

    /// When it is closed unless something happens before.
    var deadline: ContinuousClock.Instant {
        // A request behind one that is being processed may have to wait in the socket.
        if unanswered > 0 { return lastStep + answerTime }
        if let arrivingSince { return arrivingSince + requestTime }
        return lastStep + idleTime
    }

    /// Whether it may be closed to make room for another.
    var phase: ConnectionTable.Phase {
        if unanswered > 0 { return .busy }
        if let arrivingSince { return .arriving(since: arrivingSince) }
        return .idle(since: lastStep)
    }

    mutating func bytesArrived(at now: ContinuousClock.Instant) {
        if arrivingSince == nil { arrivingSince = now }
    }

    mutating func requestEnded(at now: ContinuousClock.Instant) {
        arrivingSince = nil
        lastStep = now
        if isAnsweredEarly {
            isAnsweredEarly = false
        } else {
            unanswered += 1
        }
    }

    mutating func wrote(isEnd: Bool, at now: ContinuousClock.Instant) {
        lastStep = now
        guard isEnd else { return }
        guard unanswered > 0 else { return isAnsweredEarly = true }
        unanswered -= 1
        // Its time to arrive begins now: before, nobody read it.
        if unanswered == 0, arrivingSince != nil { arrivingSince = now }
    }
}
