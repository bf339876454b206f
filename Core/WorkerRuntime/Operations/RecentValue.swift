import Synchronization

/// A value that is costly to find and that anybody may request: found once for all who request it
/// at a time, and returned again for a while.
public final class RecentValue<Value: Sendable>: Sendable {
    private struct State {
        var value: (found: Value, at: ContinuousClock.Instant)?
        var search: Task<Value, any Error>?
    }

    private let state = Mutex(State())
    private let maximumAge: Duration
    private let find: @Sendable () async throws -> Value

    /// - Parameters:
    ///   - maximumAge: how long a found value is returned again; real time. A failure isn't.
    ///   - find: finds the value; never runs twice at a time.
    public init(maximumAge: Duration, _ find: @escaping @Sendable () async throws -> Value) {
        self.maximumAge = maximumAge
        self.find = find
    }

    /// The value, at most `maximumAge` old.
    public func current() async throws -> Value {
        let search = state.withLock { state -> Result<Value, Never>? in
            guard let value = state.value, value.at.duration(to: .now) < maximumAge else {
                return nil
            }
            return .success(value.found)
        }
        if let search { return search.get() }
        let running = state.withLock { state in
            if let running = state.search { return running }
            let made = Task { try await find() }
            state.search = made
            return made
        }
        let result = await running.result
        state.withLock { state in
            guard state.search == running else { return }
            state.search = nil
            if case .success(let found) = result { state.value = (found, .now) }
        }
        return try result.get()
    }
}
