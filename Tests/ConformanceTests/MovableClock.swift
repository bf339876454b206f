import Payments
import Synchronization
import WorkerRuntime

/// A business clock that a test moves.
final class MovableClock: BusinessClock {
    private let time: Mutex<Timestamp>

    init(_ start: Timestamp) { time = Mutex(start) }

    func now() -> Timestamp { time.withLock { $0 } }

    func move(to later: Timestamp) { time.withLock { $0 = later } }

    // Nothing that these tests run waits for business time.
    func sleep(until deadline: Timestamp) async throws { throw CancellationError() }
}
