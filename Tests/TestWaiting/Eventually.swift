import Foundation

/// Nothing came in time.
public struct DeadlineError: Error, CustomStringConvertible {
    public let description: String

    /// What was waited for, or what happened instead.
    public init(description: String) { self.description = description }
}

/// Asks another process again and again until it has an answer.
/// - Parameters:
///   - what: is waited for, in words.
///   - limit: real time; generous, since it is only reached where something is broken.
public func eventually<Value>(
    _ what: String, within limit: Duration = .seconds(60), _ ask: () async throws -> Value?
) async throws -> Value {
    let start = ContinuousClock.now
    while ContinuousClock.now - start < limit {
        if let value = try await ask() { return value }
        try await Task.sleep(for: .milliseconds(30))
    }
    throw DeadlineError(description: "waited \(limit) in vain: \(what)")
}

/// The same for something that is so or not.
public func eventually(
    _ what: String, within limit: Duration = .seconds(60), isSo: () async throws -> Bool
) async throws {
    _ = try await eventually(what, within: limit) { try await isSo() ? true : nil }
}
