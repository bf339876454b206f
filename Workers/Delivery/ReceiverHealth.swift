/// The circuit breakers: a receiver that doesn't even answer rests for a while, so that its
/// deliveries don't hold places that others need.
actor ReceiverHealth {
    private struct State {
        var silentInARow = 0
        var restsUntil: ContinuousClock.Instant?
    }

    private let limit = 10
    private let rest: Duration = .seconds(10)
    private var states: [String: State] = [:]

    /// The receivers that rest now.
    func resting() -> [String] {
        let now = ContinuousClock.now
        return states.filter { $0.value.restsUntil.map { $0 > now } ?? false }.map(\.key)
    }

    /// - Parameter hasAnswered: whether it gave any HTTP answer, however bad.
    func note(_ receiver: String, hasAnswered: Bool) {
        guard !hasAnswered else {
            states[receiver] = nil
            return
        }
        var state = states[receiver] ?? State()
        state.silentInARow += 1
        if state.silentInARow >= limit {
            state.restsUntil = .now + rest
            state.silentInARow = limit - 1
        }
        states[receiver] = state
    }
}
