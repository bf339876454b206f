import Kafka
import Postgres
import Store

/// What an error means for the failed work. The one place where errors become verdicts.
public enum Verdict: Sendable, Equatable {
    /// Something is unavailable, or set up wrongly: back off and retry the same work, without
    /// limit.
    case retry
    /// The partition has another owner: drop the work, look up the offsets again.
    case fenced
    /// A record breaks the handler: halve the batch until it is alone.
    case poison(Poison)

    /// The verdict on an error.
    public init(_ error: any Error) {
        switch error {
        case is FencedError:
            self = .fenced
        case is CancellationError, is KafkaError, is SealerError, is MigrationError:
            // A sealed value that can't be opened: the master key is another one.
            self = .retry
        case is PostgresTransactionError:
            // The outcome is unknown, or the body's own error could not be rolled back: the retry's
            // comparison with the stored offset decides.
            self = .retry
        case let error as PostgresError:
            self = error.isCausedByData ? .poison(Self.breaksHandler(error)) : .retry
        case let poison as Poison:
            self = .poison(poison)
        default:
            self = .poison(Self.breaksHandler(error))
        }
    }

    private static func breaksHandler(_ error: any Error) -> Poison {
        Poison(reason: "handler_error", error: "\(error)")
    }
}

extension Error {
    /// Whether this is a failure of the database's, or of the master key's, and not of the request:
    /// the same request may succeed later, unchanged.
    public var isDatabaseFailure: Bool {
        switch self {
        case is PostgresTransactionError, is SealerError: true
        case let error as PostgresError: !error.isCausedByData
        default: false
        }
    }
}

extension PostgresError {
    /// Whether the values of one record can have caused it. Everything else is the environment's:
    /// the connection, the server, the schema, the rights, the disk.
    ///
    /// A record is blamed only where the schema is this build's: ``SchemaGate/verdict(on:_:)``.
    var isCausedByData: Bool {
        switch kind {
        case .server(let error): DataErrors.contains(error.sqlState)
        case .decoding: true
        case .connection, .column, .protocolBroken, .closed: false
        }
    }
}

/// The SQLSTATEs that values of a record can cause; every other one is the environment's.
/// https://www.postgresql.org/docs/current/errcodes-appendix.html
private enum DataErrors {
    static func contains(_ sqlState: String) -> Bool {
        guard !environment.contains(sqlState) else { return false }
        return classes.contains(String(sqlState.prefix(2))) || states.contains(sqlState)
    }

    private static let classes: Set = [
        "21",  // Cardinality violation: two records of a batch change the same row.
        "22",  // Data exception: a number, text, time or JSON that the type can't hold.
        "23",  // Integrity constraint violation.
        "44",  // WITH CHECK OPTION violation.
    ]

    private static let states: Set = [
        "54000",  // Program limit exceeded: a value is too large for its index.
        "54001",  // Statement too complex: JSON is nested too deeply.
        "P0001",  // Raised by the schema's own triggers: a journal doesn't balance.
    ]

    private static let environment: Set = [
        "22P03",  // Invalid binary representation: the column's type is another than the build's.
        "22P04",  // Bad COPY file format: the table's columns are others than the build's.
        "22023",  // Invalid parameter value: a setting of the server's.
        "23502",  // Not null: a column that an older build doesn't know.
    ]
}

/// A partition's stored offset isn't the batch's start: another owner has moved it.
struct FencedError: Error, CustomStringConvertible {
    let worker: String
    let expected: Int
    let moved: Int

    var description: String {
        "worker \(worker): \(expected - moved) of \(expected) partitions have another owner now"
    }
}
