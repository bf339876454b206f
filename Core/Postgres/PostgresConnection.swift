public import Logging
import Synchronization

/// One connection to PostgreSQL, on a thread of its own where libpq's calls may block.
///
/// Statements run one after another. A statement that was started runs to its end, even where its
/// task is cancelled. While a transaction is open only that transaction may use the connection;
/// other calls are refused.
public actor PostgresConnection {
    private let thread: ConnectionThread
    private let healthy = Atomic(true)
    private(set) var handle: ConnectionHandle?
    private var prepared: [ObjectIdentifier: Prepared] = [:]
    private var preparedCount = 0
    // False behind a pooler that may run each transaction on another session of the server's.
    private var preparesStatements = true
    private(set) var session = PostgresSessionSettings.command
    /// Whether a pooler is between this connection and the server.
    public private(set) var isPooled = false

    var openTransaction: UInt64?
    var transactionCount: UInt64 = 0
    /// The first failure within the open transaction, which aborted it.
    var transactionFailure: PostgresError?
    private(set) var loss: PostgresError?

    private struct Prepared {
        let name: String
        let statement: String
        let oids: [UInt32]
    }

    /// The connection's own thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        thread.asUnownedSerialExecutor()
    }

    private init(thread: ConnectionThread) {
        self.thread = thread
    }

    deinit { thread.stop() }

    /// Connects.
    ///
    /// A server that takes no writes is refused, unless the URL says `target_session_attrs=any`; of
    /// several hosts in the URL the next one is tried.
    /// - Parameters:
    ///   - url: `postgresql://user:password@host:port/database?…`, as libpq reads it.
    ///   - applicationName: shown in `pg_stat_activity`.
    ///   - session: the limits of the session; what the URL says about the connection goes first.
    ///   - logger: logs the server's notices at debug level.
    public static func connect(
        _ url: String, applicationName: String = "tallyhouse",
        session: PostgresSessionSettings = .command, logger: Logger
    ) async throws(PostgresError) -> PostgresConnection {
        let connection = PostgresConnection(thread: try .start())
        try await connection.open(url, applicationName, session, logger)
        return connection
    }

    private func open(
        _ url: String, _ applicationName: String, _ session: PostgresSessionSettings,
        _ logger: Logger
    ) throws(PostgresError) {
        let opened = try ConnectionHandle(
            url: url, applicationName: applicationName, session: session, logger: logger)
        // A pooler makes up its own number for each client.
        isPooled = try opened.serverProcessID() != opened.processID
        if isPooled {
            preparesStatements = false
        } else {
            _ = try opened.executeScript(session.script, statement: "session settings")
        }
        self.session = session
        handle = opened
    }

    /// Whether the connection was usable at its last use. `false` is final.
    public nonisolated var isHealthy: Bool { healthy.load(ordering: .acquiring) }

    /// Runs a statement, prepared on first use; returns its rows.
    @discardableResult
    public func run<Statement: PostgresStatement>(
        _ statement: Statement
    ) throws(PostgresError) -> [Statement.Row] {
        try run(statement, in: nil)
    }

    /// Runs a statement, prepared on first use; returns the number of affected rows.
    @discardableResult
    public func runCount<Statement: PostgresStatement>(
        _ statement: Statement
    ) throws(PostgresError) -> Int {
        try perform(statement, in: nil).affectedRows
    }

    /// Runs one statement given as text, unprepared. Rows come in binary form.
    @discardableResult
    public func execute(
        _ sql: String, _ bindings: PostgresBindings = .init()
    ) throws(PostgresError) -> PostgresResult {
        try execute(sql, bindings, in: nil)
    }

    /// Runs any number of statements separated by semicolons, in one implicit transaction unless
    /// the text says otherwise. For schema changes; returns no rows.
    public func executeScript(_ sql: String) throws(PostgresError) {
        try executeScript(sql, in: nil)
    }

    /// Whether the connection is still open; makes no round trip.
    public func probe() -> Bool {
        guard let handle else { return false }
        if openTransaction != nil || !handle.probe() || !handle.isIdle { discard() }
        return self.handle != nil
    }

    /// Closes the connection; an open transaction is rolled back by the server. Idempotent.
    public func close() {
        discard()
    }

    /// Closes libpq's connection; later calls fail with `failure`, where one is given.
    func discard(because failure: PostgresError? = nil) {
        if let failure, handle != nil {
            let reason = "the connection broke earlier: \(failure)"
            loss = PostgresError(.connection(reason))
        }
        healthy.store(false, ordering: .releasing)
        handle = nil
        prepared = [:]
    }

    func run<Statement: PostgresStatement>(
        _ statement: Statement, in transaction: UInt64?
    ) throws(PostgresError) -> [Statement.Row] {
        let result = try perform(statement, in: transaction)
        var rows: [Statement.Row] = []
        rows.reserveCapacity(result.count)
        for row in result {
            do {
                rows.append(try Statement.decode(row))
            } catch {
                throw PostgresError(error.kind, statement: error.statement ?? result.statement)
            }
        }
        return rows
    }

    func perform<Statement: PostgresStatement>(
        _ statement: Statement, in transaction: UInt64?
    ) throws(PostgresError) -> PostgresResult {
        var bindings = PostgresBindings()
        statement.bind(&bindings)
        do {
            return try attempt(Statement.self, bindings, in: transaction)
        } catch {
            // Within a transaction the error has aborted it: the caller runs it again.
            guard error.isStalePlan, transaction == nil else { throw error }
            return try attempt(Statement.self, bindings, in: nil)
        }
    }

    private func attempt<Statement: PostgresStatement>(
        _ type: Statement.Type, _ bindings: PostgresBindings, in transaction: UInt64?
    ) throws(PostgresError) -> PostgresResult {
        let name = "\(type)"
        return try use(in: transaction, name) { (handle) throws(PostgresError) in
            guard preparesStatements else {
                return try handle.execute(type.sql, bindings, statement: name)
            }
            let prepared = try prepare(type, bindings.oids, handle)
            return try handle.executePrepared(
                prepared.name, bindings, statement: prepared.statement)
        }
    }

    func execute(
        _ sql: String, _ bindings: PostgresBindings, in transaction: UInt64?
    ) throws(PostgresError) -> PostgresResult {
        let statement = Self.shortened(sql)
        return try use(in: transaction, statement) { (handle) throws(PostgresError) in
            try handle.execute(sql, bindings, statement: statement)
        }
    }

    func executeScript(_ sql: String, in transaction: UInt64?) throws(PostgresError) {
        let statement = Self.shortened(sql)
        _ = try use(in: transaction, statement) { (handle) throws(PostgresError) in
            try handle.executeScript(sql, statement: statement)
        }
    }

    private func prepare<Statement: PostgresStatement>(
        _ type: Statement.Type, _ oids: [UInt32], _ handle: ConnectionHandle
    ) throws(PostgresError) -> Prepared {
        let name = "\(type)"
        if let known = prepared[ObjectIdentifier(type)] {
            guard known.oids == oids else {
                throw PostgresError(
                    .protocolBroken("bind appended other types than the first time"),
                    statement: name)
            }
            return known
        }
        preparedCount += 1
        let new = Prepared(name: "s\(preparedCount)", statement: name, oids: oids)
        try handle.prepare(new.name, sql: type.sql, oids: oids, statement: name)
        prepared[ObjectIdentifier(type)] = new
        return new
    }

    /// Drops the prepared statements after errors that mean a plan is invalid; prepares none any
    /// more where the plans are those of another session.
    func forgetStalePlans(_ error: PostgresError) {
        if error.isStalePlan { prepared = [:] }
        if error.isForeignPlan { preparesStatements = false }
    }

    /// The first 60 characters of a statement's first lines, for messages.
    static func shortened(_ sql: String) -> String {
        let words = sql.split(whereSeparator: \.isWhitespace).prefix(12).joined(separator: " ")
        return words.count > 60 ? words.prefix(57) + "…" : words
    }
}
