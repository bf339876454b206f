import Kafka
import Postgres

/// What an error means for the failed work. The one place where errors become verdicts.
public enum Verdict: Sendable, Equatable {
    /// Something is unavailable for a while: back off and retry the same work, without limit.
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
        case is CancellationError:
            self = .retry
        case is PostgresTransactionError:
            // The outcome is unknown, or the body's own error could not be rolled back: the retry's
            // comparison with the stored offset decides.
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

    // Only an error of the statement itself, or a value that doesn't decode, is caused by a record;
    // a broken connection never is.
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

/// A partition's stored offset isn't the batch's start: another owner has moved it.
struct FencedError: Error, CustomStringConvertible {
    let worker: String
    let expected: Int
    let moved: Int

    var description: String {
        "worker \(worker): \(expected - moved) of \(expected) partitions have another owner now"
    }
}
