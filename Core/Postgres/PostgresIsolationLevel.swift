/// How much a transaction sees of others that run beside it.
public enum PostgresIsolationLevel: Sendable {
    /// Each statement sees what was committed before it began: PostgreSQL's default.
    case readCommitted
    /// Every statement sees what was committed before the first; a clash fails with 40001.
    case repeatableRead
    /// As if transactions ran one after another; a clash fails with 40001.
    case serializable

    var beginStatement: String {
        switch self {
        case .readCommitted: "BEGIN ISOLATION LEVEL READ COMMITTED"
        case .repeatableRead: "BEGIN ISOLATION LEVEL REPEATABLE READ"
        case .serializable: "BEGIN ISOLATION LEVEL SERIALIZABLE"
        }
    }
}
