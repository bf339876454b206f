import Foundation

/// An awaited event didn't come within its limit, or a test's environment failed.
public struct DeadlineError: Error, CustomStringConvertible {
    public let description: String

    /// What was waited for, or what happened instead.
    public init(description: String) { self.description = description }
}

/// Polls until `poll` returns a value.
/// - Parameters:
///   - what: the awaited event, for the error's text.
///   - limit: real time; generous, since it is only reached where something is broken.
public func eventually<Value>(
    _ what: String, within limit: Duration = .seconds(60), _ poll: () async throws -> Value?
) async throws -> Value {
    let start = ContinuousClock.now
    while ContinuousClock.now - start < limit {
        if let value = try await poll() { return value }
        try await Task.sleep(for: .milliseconds(30))
    }
    throw DeadlineError(description: "not within \(limit): \(what)")
}

/// Polls until a condition is true.
public func eventually(
    _ what: String, within limit: Duration = .seconds(60), isSo: () async throws -> Bool
) async throws {
    _ = try await eventually(what, within: limit) { try await isSo() ? true : nil }
}
