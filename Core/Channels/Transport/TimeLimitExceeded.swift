/// Runs `body` for at most `limit`, in real time, and then cancels it: the one limit of an
/// exchange, from its first step to the last byte.
///
/// Returns once `body` has ended; so `body` must end when it is cancelled.
/// - Throws: ``TimeLimitExceeded`` after `limit`; else what `body` throws.
public func withTimeLimit<Value: Sendable>(
    _ limit: Duration, _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value?.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            return nil
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() ?? nil else {
            throw TimeLimitExceeded(limit: limit)
        }
        return value
    }
}

/// Something didn't end within its time limit.
public struct TimeLimitExceeded: Error, Equatable, CustomStringConvertible {
    /// How long it was allowed to take.
    public let limit: Duration

    /// The limit that was exceeded.
    public init(limit: Duration) { self.limit = limit }

    /// The limit in seconds.
    public var description: String { "not whole within \(limit / .seconds(1)) s" }
}
