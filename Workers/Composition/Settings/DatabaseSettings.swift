package import Postgres

/// The limits of the database sessions of roles; commands that a person started have their own.
package struct DatabaseSettings: Sendable {
    static let names: Set<String> = [
        "TALLY_DATABASE_STATEMENT_TIMEOUT_MS", "TALLY_DATABASE_REPORT_TIMEOUT_MS",
        "TALLY_DATABASE_LOCK_TIMEOUT_MS", "TALLY_DATABASE_IDLE_TIMEOUT_MS",
        "TALLY_DATABASE_PEER_TIMEOUT_MS",
    ]

    private var session = PostgresSessionSettings()
    private var reportTimeout: Duration

    init(_ reader: SettingReader) {
        func time(_ name: String, default seconds: Int, from least: Int = 100) -> Duration {
            .milliseconds(
                reader.number(name, default: seconds * 1_000, in: least...86_400_000))
        }
        session.statementTimeout = time("TALLY_DATABASE_STATEMENT_TIMEOUT_MS", default: 60)
        session.lockTimeout = time("TALLY_DATABASE_LOCK_TIMEOUT_MS", default: 10)
        session.idleInTransactionTimeout = time("TALLY_DATABASE_IDLE_TIMEOUT_MS", default: 10)
        session.peerTimeout = time("TALLY_DATABASE_PEER_TIMEOUT_MS", default: 10, from: 3_000)
        reportTimeout = time("TALLY_DATABASE_REPORT_TIMEOUT_MS", default: 900)
    }

    /// The limits of a role's sessions. Statements over all lines of a day take minutes where the
    /// day is large.
    package func session(of role: Role) -> PostgresSessionSettings {
        switch role {
        case .gateway, .signature, .callback, .delivery, .inquiry, .onboarding, .console:
            return session
        case .statements, .reconciliation, .settlement:
            var long = session
            long.statementTimeout = reportTimeout
            return long
        }
    }
}
