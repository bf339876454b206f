import Dispatch
import Synchronization

/// Where passwords are hashed: two at a time, on threads of their own, because each takes a tenth
/// of a second and 32 MiB; sixteen wait, more are refused.
final class PasswordQueue: Sendable {
    private static let limit = 18

    private let queue = DispatchQueue(label: "tally.console.passwords", attributes: .concurrent)
    private let places = DispatchSemaphore(value: 2)
    private let waiting = Mutex(0)

    /// What `body` returns; throws ``SignInProblem/busy`` where too many wait.
    func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value
    {
        let isFull = waiting.withLock { count in
            if count >= Self.limit { return true }
            count += 1
            return false
        }
        guard !isFull else { throw SignInProblem.busy }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { [places] in
                places.wait()
                defer { places.signal() }
                continuation.resume(with: Result { try body() })
            }
        }
    }
}

/// Why a sign-in can't go on.
enum SignInProblem: Error {
    /// Too many sign-ins at once.
    case busy
}
