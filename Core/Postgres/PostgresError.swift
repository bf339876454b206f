/// A failure of a connection or a statement. Its text never holds bound values.
public struct PostgresError: Error, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Kind: Sendable {
        /// The server can't be reached, or the connection broke.
        case connection(String)
        /// The server refused.
        case server(PostgresServerError)
        /// A column isn't there, or hasn't the type that the statement's `decode` expects: the
        /// schema is another one.
        case column(String)
        /// A value in a row is none that the statement's `decode` expects.
        case decoding(String)
        /// A call or a response that the protocol doesn't allow in this state.
        case protocolBroken(String)
        /// The connection, transaction or pool was closed before.
        case closed(String)
    }

    /// What happened.
    public var kind: Kind
    /// The statement that failed: its type's name, or the beginning of its text.
    public var statement: String?

    init(_ kind: Kind, statement: String? = nil) {
        self.kind = kind
        self.statement = statement
    }

    /// The server's error response, if any.
    public var server: PostgresServerError? {
        if case .server(let error) = kind { error } else { nil }
    }

    /// The server's SQLSTATE, if any.
    public var sqlState: String? { server?.sqlState }

    /// The constraint that was violated, where one was.
    public var constraint: String? { server?.constraint }

    /// Whether a row with the same key exists already (23505).
    public var isUniqueViolation: Bool { sqlState == "23505" }

    /// Whether the same work may succeed in seconds, unchanged: the connection was lost, the server
    /// is starting, stopping, full or read-only, the transaction lost to another (deadlock,
    /// serialization, lock or statement timeout), or the plan was another session's.
    public var isTransient: Bool {
        switch kind {
        case .connection: return true
        case .column, .decoding, .protocolBroken, .closed: return false
        case .server(let error):
            let state = error.sqlState
            return Self.transientStates.contains(state)
                || Self.transientClasses.contains { state.hasPrefix($0) }
        }
    }

    /// The server takes no writes: it is a standby, or was made read-only.
    var isReadOnlyServer: Bool { sqlState == "25006" }

    /// Whether a prepared plan isn't what this connection prepared: the tables have changed since
    /// (0A000), or another session prepared or dropped it, which a pooler makes possible.
    var isStalePlan: Bool { sqlState == "0A000" || isForeignPlan }

    /// A plan of this name doesn't exist (26000), or exists already (42P05).
    var isForeignPlan: Bool { sqlState == "26000" || sqlState == "42P05" }

    private static let transientStates: Set = [
        "40001", "40P01", "25006", "25P03", "55P03", "57014", "0A000", "26000", "42P05",
    ]
    private static let transientClasses = ["08", "53", "57P0"]

    /// What happened, and in which statement.
    public var description: String {
        let place = statement.map { " [\($0)]" } ?? ""
        return switch kind {
        case .connection(let reason): "PostgreSQL connection: \(reason)\(place)"
        case .server(let error): "PostgreSQL: \(error)\(place)"
        case .column(let reason), .decoding(let reason): "PostgreSQL result: \(reason)\(place)"
        case .protocolBroken(let reason): "PostgreSQL protocol: \(reason)\(place)"
        case .closed(let reason): "PostgreSQL: \(reason)\(place)"
        }
    }
}

extension Error {
    /// Whether this is a failure of PostgreSQL's that may pass: see `PostgresError.isTransient`.
    public var isTransientPostgresFailure: Bool {
        if let error = self as? PostgresError { return error.isTransient }
        if let error = self as? PostgresTransactionError { return error.isTransient }
        return false
    }
}
