import Postgres
import Store
import WorkerRuntime

/// The database answers, has this build's schema, and was sealed under this master key.
struct DatabaseCheck: StartCheck {
    /// The check's own, with a short patience: its errors are to be shown at once.
    let pool: PostgresPool
    let schema: SchemaGate
    let sealer: Sealer

    func missing() async -> [String] {
        do {
            if let problem = try await schema.check(pool).problem { return ["schema: \(problem)"] }
            let isRight = try await pool.withConnection { connection in
                try await MasterKeyCanary.opens(with: sealer, on: connection)
            }
            return isRight
                ? []
                : [
                    "master key: TALLY_MASTER_KEY is not the key that this database's secrets are "
                        + "sealed under; restart the role with that key"
                ]
        } catch {
            // libpq's texts go over several lines.
            let reason = "\(error)".split(whereSeparator: \.isWhitespace).joined(separator: " ")
            return ["database: \(reason)"]
        }
    }

    func end() async { await pool.close() }
}
