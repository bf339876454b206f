public import Logging
import Logs
import Synchronization

/// A bounded set of connections, borrowed by one request at a time, first come first served.
///
/// Connections are opened when needed and kept. A broken one is replaced, with growing pauses while
/// the server is unavailable; a request waits for that for at most `patience`.
public final class PostgresPool: Sendable {
    private typealias State = PoolState<PostgresConnection>
    private typealias Waiter = CheckedContinuation<
        Result<PostgresConnection, PostgresError>, Never
    >

    private struct Waiting {
        let waiter: Waiter
        var patience: Task<Void, Never>?

        func resume(_ result: Result<PostgresConnection, PostgresError>) {
            patience?.cancel()
            waiter.resume(returning: result)
        }
    }

    private struct Shared {
        var state: State
        var waiters: [State.Request: Waiting] = [:]
        var closers: [CheckedContinuation<Void, Never>] = []
        var lastFailure: PostgresError?
        var nextRequest: State.Request = 0
    }

    private let url: String
    private let applicationName: String
    private let session: PostgresSessionSettings
    private let patience: Duration
    private let logger: Logger
    private let outage: OutageLog
    private let shared: Mutex<Shared>

    /// A pool; connects nothing yet.
    /// - Parameters:
    ///   - url: as `PostgresConnection.connect` takes it.
    ///   - size: the maximum number of connections; at least 1.
    ///   - applicationName: what `pg_stat_activity` shows.
    ///   - session: the limits of each session.
    ///   - patience: how long a request waits for a connection before it fails.
    ///   - logger: logs connections that can't be opened.
    public init(
        url: String, size: Int, applicationName: String = "tallyhouse",
        session: PostgresSessionSettings = PostgresSessionSettings(),
        patience: Duration = .seconds(10), logger: Logger
    ) {
        self.url = url
        self.applicationName = applicationName
        self.session = session
        self.patience = patience
        self.logger = logger
        outage = OutageLog(logger)
        shared = Mutex(Shared(state: State(size: size)))
    }

    /// The connections by state, now.
    public var counts: PostgresPoolCounts { shared.withLock { $0.state.counts } }

    /// Runs `body` with a borrowed connection. A waiting request leaves the queue when its task is
    /// cancelled (`CancellationError`) or `patience` ends (the last failure to connect, or
    /// `.connection`: all in use).
    @discardableResult
    public nonisolated(nonsending) func withConnection<Value>(
        _ body: nonisolated(nonsending) (PostgresConnection) async throws -> Value
    ) async throws -> Value {
        let connection = try await borrow()
        defer { release(connection) }
        return try await body(connection)
    }

    /// Runs `body` in a transaction on a borrowed connection: see `PostgresConnection.transaction`.
    @discardableResult
    public nonisolated(nonsending) func transaction<Value>(
        at level: PostgresIsolationLevel = .readCommitted,
        _ body: nonisolated(nonsending) (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        try await withConnection { connection in
            try await connection.transaction(at: level, body)
        }
    }

    /// Refuses further requests, those in the queue included, and returns when every borrowed
    /// connection has been returned and closed. Never call it while holding one.
    public func close() async {
        await withCheckedContinuation { continuation in
            let actions = shared.withLock { shared in
                shared.closers.append(continuation)
                return shared.state.close()
            }
            perform(actions)
        }
    }

    /// A connection that is still open; those that broke while idle are skipped.
    private func borrow() async throws -> PostgresConnection {
        while true {
            let connection = try await nextConnection()
            if await connection.probe() { return connection }
            release(connection)
        }
    }

    private func nextConnection() async throws -> PostgresConnection {
        let request = shared.withLock { shared in
            shared.nextRequest += 1
            return shared.nextRequest
        }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiter: Waiter) in
                let actions = shared.withLock { shared in
                    shared.waiters[request] = Waiting(waiter: waiter)
                    return shared.state.request(request)
                }
                perform(actions)
                startPatience(request)
                // The cancellation handler may have run before the request was in the queue.
                if Task.isCancelled { withdraw(request) }
            }
        } onCancel: {
            withdraw(request)
        }
        if case .failure = outcome { try Task.checkCancellation() }
        return try outcome.get()
    }

    private func startPatience(_ request: State.Request) {
        shared.withLock { shared in
            guard shared.waiters[request] != nil else { return }
            shared.waiters[request]?.patience = Task { [weak self, patience] in
                guard (try? await Task.sleep(for: patience)) != nil else { return }
                self?.withdraw(request)
            }
        }
    }

    /// Removes a request that still waits from the queue and fails it.
    private func withdraw(_ request: State.Request) {
        let (waiter, failure) = shared.withLock { shared in
            let isWaiting = shared.state.withdraw(request)
            let waiter = isWaiting ? shared.waiters.removeValue(forKey: request) : nil
            return (waiter, shared.lastFailure)
        }
        let used = counts.used
        let reason = "no connection was free within \(patience); \(used) are in use"
        waiter?.resume(.failure(failure ?? PostgresError(.connection(reason))))
    }

    private func release(_ connection: PostgresConnection) {
        perform(
            shared.withLock { $0.state.returned(connection, isHealthy: connection.isHealthy) })
    }

    private func perform(_ actions: [State.Action]) {
        for action in actions {
            switch action {
            case .assign(let connection, let request):
                let waiter = shared.withLock { $0.waiters.removeValue(forKey: request) }
                waiter?.resume(.success(connection))
            case .open(let failures):
                Task { await open(afterFailures: failures) }
            case .close(let connection):
                Task { await connection.close() }
            case .refuse(let request):
                let waiter = shared.withLock { $0.waiters.removeValue(forKey: request) }
                waiter?.resume(.failure(PostgresError(.closed("the pool is closed"))))
            case .finished:
                let closers = shared.withLock { shared in
                    let closers = shared.closers
                    shared.closers = []
                    return closers
                }
                closers.forEach { $0.resume() }
            }
        }
    }

    private func open(afterFailures failures: Int) async {
        if failures > 0 {
            // 50 ms, 100 ms … 3.2 s; up to a quarter less, so that pools don't retry in step.
            let milliseconds = 50 << min(failures - 1, 6)
            let pause = Int.random(in: milliseconds * 3 / 4...milliseconds)
            try? await Task.sleep(for: .milliseconds(pause))
        }
        do throws(PostgresError) {
            let connection = try await PostgresConnection.connect(
                url, applicationName: applicationName, session: session, logger: logger)
            outage.recovered("a database connection is open again")
            perform(
                shared.withLock { shared in
                    shared.lastFailure = nil
                    return shared.state.opened(connection)
                })
        } catch {
            outage.failed("can't open a database connection", metadata: ["error": "\(error)"])
            perform(
                shared.withLock { shared in
                    shared.lastFailure = error
                    return shared.state.openFailed()
                })
        }
    }
}
