/// A circuit breaker for each receiver: after consecutive attempts without any HTTP response its
/// deliveries pause for a while, so that they don't take slots from those of other receivers.
actor ReceiverHealth {
    private struct State {
        var silentInARow = 0
        var restsUntil: ContinuousClock.Instant?
    }

    /// How many consecutive attempts without a response open the breaker.
    static let limit = 10
    /// How long it stays open, in real time. After that one attempt without a response opens it
    /// again.
    static let rest: Duration = .seconds(10)

    private var states: [String: State] = [:]

    /// The receivers whose breaker is open at `now`.
    func resting(at now: ContinuousClock.Instant) -> [String] {
        states.filter { $0.value.restsUntil.map { $0 > now } ?? false }.map(\.key)
    }

    /// Records an attempt.
    /// - Parameter hasReplied: whether the receiver sent any HTTP response, of whatever status.
    func record(_ receiver: String, hasReplied: Bool, at now: ContinuousClock.Instant) {
        guard !hasReplied else {
            states[receiver] = nil
            return
        }
        var state = states[receiver] ?? State()
        state.silentInARow += 1
        if state.silentInARow >= Self.limit {
            state.restsUntil = now + Self.rest
            state.silentInARow = Self.limit - 1
        }
        states[receiver] = state
    }
}
