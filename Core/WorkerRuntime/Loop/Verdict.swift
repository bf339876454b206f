import Kafka
import Postgres

/// What an error means for the work that met it. The one place where errors become verdicts.
public enum Verdict: Sendable, Equatable {
    /// Something is away for a while: pause, back off, the same work again, for ever.
    case retry
    /// The partition has another owner now: drop the work, look up the offsets again.
    case fenced
    /// Some record breaks the handler: halve the batch until it stands alone.
    case poison(Poison)

    /// Sorts an error.
    public init(_ error: any Error) {
        switch error {
        case is FencedError:
            self = .fenced
        case is CancellationError:
            self = .retry
        case is PostgresTransactionError:
            // What became of it is unknown, or the body's own error could not be rolled back: the
            // stored offset tells, and the comparison with it decides.
            self = .retry
        case let error as PostgresError:
            self = Verdict(postgres: error)
        case is KafkaError:
            self = .retry
        case let poison as Poison:
            self = .poison(poison)
        default:
            self = .poison(Self.breaksHandler(error))
        }
    }

    // Only what the server says of the statement itself, or a value that doesn't decode, is the
    // record's fault; a connection that broke in whatever way is not.
    private init(postgres error: PostgresError) {
        switch error.kind {
        case .server where !error.isTransient, .decoding:
            self = .poison(Self.breaksHandler(error))
        case .server, .connection, .protocolBroken, .closed:
            self = .retry
        }
    }

    private static func breaksHandler(_ error: any Error) -> Poison {
        Poison(reason: "handler_error", error: "\(error)")
    }
}

/// A partition's stored offset isn't what the batch started from: another worker has moved it.
struct FencedError: Error, CustomStringConvertible {
    let worker: String
    let expected: Int
    let moved: Int

    var description: String {
        "worker \(worker): \(expected - moved) of \(expected) partitions have another owner now"
    }
}
