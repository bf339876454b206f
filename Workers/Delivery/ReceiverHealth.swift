/// The receivers' circuit breakers: a receiver that doesn't reply at all rests for a while, so that
/// its deliveries don't take slots from others.
actor ReceiverHealth {
    private struct State {
        var silentInARow = 0
        var restsUntil: ContinuousClock.Instant?
    }

    /// How many attempts in a row without a reply open the breaker.
    static let limit = 10
    /// How long a receiver rests, in real time. Afterwards one attempt without a reply suffices.
    static let rest: Duration = .seconds(10)

    private var states: [String: State] = [:]

    /// The receivers that rest at `now`.
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
