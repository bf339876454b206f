public import Logging
import Logs
public import Postgres
import ServiceLifecycle
public import Store
import Synchronization

/// Whether the database has the schema of this build. A role begins its work only then, and waits
/// again where an error shows that the schema has become another one.
///
/// A role that works already continues while a newer build migrates the database, as long as its
/// statements succeed: so the roles can be replaced one after another.
public final class SchemaGate: Sendable {
    private struct State {
        var isOpen = false
        var problem: String?
        var checkedAt: ContinuousClock.Instant?
    }

    // Read once: the files may be replaced by a newer build's while this one runs.
    private static let migrator = Result { try Migrator() }

    private let outage: OutageLog
    private let state = Mutex(State())

    /// Closed, until ``check(_:)`` finds the right schema.
    public init(logger: Logger) {
        outage = OutageLog(logger, level: .error)
    }

    /// Whether the right schema was found, and no error since made it doubtful.
    public var isOpen: Bool { state.withLock { $0.isOpen } }

    /// What is wrong with the schema and what to do; `nil` where nothing is known to be wrong.
    public var problem: String? { state.withLock { $0.isOpen ? nil : $0.problem } }

    /// Reads the schema's version; opens the gate where it is this build's.
    /// - Throws: where the database doesn't answer.
    @discardableResult
    public func check(_ pool: PostgresPool) async throws -> SchemaState {
        let migrator = try Self.migrator.get()
        let found = try await pool.withConnection { try await migrator.state(on: $0) }
        state.withLock { state in
            state.checkedAt = .now
            state.problem = found.problem
            if found == .current { state.isOpen = true }
        }
        return found
    }

    /// Returns when the database has this build's schema, or when the role stops. Checks every
    /// 2 seconds.
    public func waitUntilOpen(_ pool: PostgresPool) async {
        while !isOpen && !Task.isCancelled && !Task.isShuttingDownGracefully {
            do {
                let found = try await cancelWhenGracefulShutdown { try await self.check(pool) }
                guard let problem = found.problem else { break }
                outage.failed("the role waits for its schema", metadata: ["error": "\(problem)"])
            } catch is CancellationError {
                break
            } catch {
                outage.failed(
                    "the role waits for its database", metadata: ["error": "\(error)"])
            }
            _ = try? await cancelWhenGracefulShutdown { try await Task.sleep(for: .seconds(2)) }
        }
        if isOpen { outage.recovered("the database has the schema of this build") }
    }

    /// The verdict on a failure of work on the database. Before a record is blamed for an error of
    /// the server's, and where the error may be the schema's, the schema is checked: where it isn't
    /// this build's, the gate closes and the work waits.
    public func verdict(on error: any Error, _ pool: PostgresPool) async -> Verdict {
        let verdict = Verdict(error)
        guard let failure = error as? PostgresError, failure.mayBeTheSchemas else {
            return verdict
        }
        if verdict == .retry, isOpen, let checkedAt = state.withLock({ $0.checkedAt }),
            ContinuousClock.now - checkedAt < .seconds(1)
        {
            return verdict
        }
        // Where the check itself fails, nothing is known: no record is blamed.
        guard let found = try? await check(pool) else { return .retry }
        if found == .current { return verdict }
        state.withLock { $0.isOpen = false }
        return .retry
    }
}

extension PostgresError {
    /// Whether another schema than this build's can be the cause: the server refused a statement,
    /// or a result isn't what the build expects; but not where that passes by itself.
    fileprivate var mayBeTheSchemas: Bool {
        switch kind {
        case .server: !isTransient
        case .column, .decoding: true
        case .connection, .protocolBroken, .closed: false
        }
    }
}
