import Postgres
import Store

/// What of the environment an error shows to be missing or wrong, as a line of `/readyz`.
enum EnvironmentError {
    /// `nil` for an error that isn't the database's or the master key's.
    static func text(of error: any Error) -> String? {
        switch error {
        case is SealerError: "master key: \(error)"
        // An error that passes by itself is the database's; any other says what is to be corrected.
        case let error as PostgresError: error.isTransient ? "database" : "database: \(error)"
        case is PostgresTransactionError: "database"
        default: nil
        }
    }
}
