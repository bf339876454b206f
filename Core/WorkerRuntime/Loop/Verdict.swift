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
        case let error as PostgresTransactionError:
            self = Verdict(transaction: error)
        case let error as PostgresError:
            self = error.isTransient ? .retry : .poison(Self.breaksHandler(error))
        case is KafkaError:
            self = .retry
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

/// A partition's stored offset isn't what the batch started from: another worker has moved it.
struct FencedError: Error, CustomStringConvertible {
    let worker: String
    let expected: Int
    let moved: Int

    var description: String {
        "worker \(worker): \(expected - moved) of \(expected) partitions have another owner now"
    }
}
