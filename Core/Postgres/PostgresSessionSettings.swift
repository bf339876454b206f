/// The limits of a session, so that no wait of it is without an end: at the server, and at both
/// ends of its TCP connection.
public struct PostgresSessionSettings: Sendable, Equatable {
    /// After which the server cancels a statement (57014); `nil`: never.
    public var statementTimeout: Duration?
    /// After which the server ends a wait for a lock (55P03); `nil`: never.
    public var lockTimeout: Duration?
    /// After which the server ends a session that does nothing in an open transaction, and so
    /// releases the locks of a client that vanished; `nil`: never.
    public var idleInTransactionTimeout: Duration?
    /// After which either end closes a connection whose other end acknowledges nothing: a host that
    /// vanished. At least 3 s.
    public var peerTimeout: Duration
    /// How long connecting to one address may take; libpq counts in seconds, two at least.
    public var connectTimeout: Duration

    /// For a role: 60 s, 10 s, 10 s, 10 s and 5 s.
    public init(
        statementTimeout: Duration? = .seconds(60), lockTimeout: Duration? = .seconds(10),
        idleInTransactionTimeout: Duration? = .seconds(10), peerTimeout: Duration = .seconds(10),
        connectTimeout: Duration = .seconds(5)
    ) {
        self.statementTimeout = statementTimeout
        self.lockTimeout = lockTimeout
        self.idleInTransactionTimeout = idleInTransactionTimeout
        self.peerTimeout = max(peerTimeout, .seconds(3))
        self.connectTimeout = connectTimeout
    }

    /// For a command that a person started and watches: statements and locks take the time that
    /// they take.
    public static let command = PostgresSessionSettings(
        statementTimeout: nil, lockTimeout: nil, idleInTransactionTimeout: .seconds(600))
}

extension PostgresSessionSettings {
    private static let none = "0"

    /// How long a call waits for the server's answer: longer than the server lets a statement run,
    /// so it ends only where the server itself has stopped. `nil` where statements have no limit.
    var answerTimeout: Duration? { statementTimeout.map { $0 + .seconds(5) } }

    /// libpq's parameters of our end. Probes begin after a third of `peerTimeout`.
    var connectionParameters: [(String, String)] {
        [
            ("connect_timeout", "\(max(2, Self.seconds(connectTimeout)))"),
            ("keepalives_idle", "\(third)"), ("keepalives_interval", "\(third)"),
            ("keepalives_count", "2"),
            ("tcp_user_timeout", Self.milliseconds(peerTimeout)),
            ("target_session_attrs", "read-write"),
        ]
    }

    /// The server's settings of the session. Over a Unix socket the server takes those of TCP and
    /// ignores them.
    var serverSettings: [(name: String, value: String)] {
        [
            ("statement_timeout", statementTimeout.map(Self.milliseconds) ?? Self.none),
            ("lock_timeout", lockTimeout.map(Self.milliseconds) ?? Self.none),
            (
                "idle_in_transaction_session_timeout",
                idleInTransactionTimeout.map(Self.milliseconds) ?? Self.none
            ),
            ("tcp_keepalives_idle", "\(third)"), ("tcp_keepalives_interval", "\(third)"),
            ("tcp_keepalives_count", "2"),
            ("tcp_user_timeout", Self.milliseconds(peerTimeout)),
            ("client_connection_check_interval", Self.milliseconds(peerTimeout)),
        ]
    }

    /// Sets the server's settings for the session.
    var script: String {
        serverSettings.map { "SET \($0.name) = \($0.value)" }.joined(separator: "; ")
    }

    /// Sets those that matter behind a pooler, until the end of the transaction. The pooler's own
    /// settings decide about its TCP connections to the server.
    var transactionScript: String {
        serverSettings.prefix(3).map { "SET LOCAL \($0.name) = \($0.value)" }
            .joined(separator: "; ")
    }

    private var third: Int { max(1, Self.seconds(peerTimeout) / 3) }

    private static func seconds(_ duration: Duration) -> Int {
        Int((duration / .seconds(1)).rounded(.up))
    }

    private static func milliseconds(_ duration: Duration) -> String {
        "\(max(1, Int((duration / .milliseconds(1)).rounded(.up))))"
    }
}
