import Synchronization

/// Runs `body` in a task of its own. Where the caller is cancelled, throws `CancellationError` at
/// once and leaves `body` to its own end: for waits that can't be cancelled themselves.
func abandonable<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let wait = SingleWait<Value>()
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            wait.begin(continuation)
            // The handler may have run before the wait began.
            if Task.isCancelled { wait.end(.failure(CancellationError())) }
            Task {
                let result: Result<Value, any Error>
                do { result = .success(try await body()) } catch { result = .failure(error) }
                wait.end(result)
            }
        }
    } onCancel: {
        wait.end(.failure(CancellationError()))
    }
}

/// A continuation that is resumed once, by whoever comes first.
private final class SingleWait<Value: Sendable>: Sendable {
    private let continuation = Mutex<CheckedContinuation<Value, any Error>?>(nil)

    func begin(_ new: CheckedContinuation<Value, any Error>) {
        continuation.withLock { $0 = new }
    }

    func end(_ result: Result<Value, any Error>) {
        let waiting = continuation.withLock { current in
            defer { current = nil }
            return current
        }
        waiting?.resume(with: result)
    }
}
