import ServiceLifecycle
import Synchronization

/// Closed until everything that a role needs was found; its work begins behind it.
final class StartGate: Sendable {
    private struct State {
        var missing: [[String]]
        var isOpen: Bool { missing.allSatisfy(\.isEmpty) }
        var waiters: [AsyncStream<Void>.Continuation] = []
    }

    private let state: Mutex<State>

    /// - Parameter checks: how many there are.
    init(checks: Int) {
        state = Mutex(State(missing: Array(repeating: ["start: not checked yet"], count: checks)))
    }

    /// What is missing, a line each; empty once the gate is open.
    var missing: [String] { state.withLock { $0.missing.flatMap { $0 } } }

    /// Records what a check found missing; the gate opens when none finds anything.
    func record(_ missing: [String], of check: Int) {
        let waiters = state.withLock { state in
            state.missing[check] = missing
            guard state.isOpen else { return [AsyncStream<Void>.Continuation]() }
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.finish() }
    }

    /// Waits until the gate is open.
    /// - Returns: whether it is; not where the role stops before.
    func waitUntilOpen() async -> Bool {
        let (stream, continuation) = AsyncStream<Void>.makeStream()
        let isOpen = state.withLock { state in
            if !state.isOpen { state.waiters.append(continuation) }
            return state.isOpen
        }
        guard !isOpen else { return true }
        await cancelWhenGracefulShutdown { for await _ in stream {} }
        return state.withLock { $0.isOpen }
    }
}

/// A service that begins once its role's gate is open.
struct GatedService: Service {
    let service: any Service
    let gate: StartGate

    func run() async throws {
        guard await gate.waitUntilOpen() else { return }
        try await service.run()
    }
}
