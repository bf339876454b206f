public import Kafka
public import Payments
public import Postgres
public import Store

/// A role that consumes topics: a batch of records and a transaction in, events out.
///
/// The runtime polls, calls `prepare` outside any transaction, then `apply` inside one, and moves
/// the offsets, stores the events and the dead letters in that same transaction. `apply` may be
/// called again with the same items, or with a part of them: it must do nothing but through its
/// transaction.
public protocol Worker: Sendable {
    /// What `prepare` makes of a record.
    associatedtype Item: Sendable

    /// The worker's name: its consumer group is `tally-` and this.
    var name: String { get }
    /// The topics it reads.
    var topics: [String] { get }

    /// Decodes and checks records while the batch before them is stored; may use all cores. What
    /// it reads of the database may have changed when the batch is applied.
    /// - Returns: one preparation for each record, in the same order.
    func prepare(_ records: [KafkaRecord]) async -> [Preparation<Item>]

    /// Takes the effect of a batch, with set-based statements.
    /// - Parameter now: business time, the same for the whole batch.
    /// - Returns: what is to be published, and the items that are beyond it.
    /// - Throws: a transient error, after which the batch comes again; any other error means that
    ///   some record breaks the handler, and the batch is halved until it stands alone.
    func apply(
        _ items: [Item], in transaction: PostgresTransaction, now: Timestamp
    ) async throws -> BatchEffect
}

/// What a record turned out to be.
public enum Preparation<Item: Sendable>: Sendable {
    /// Fit to be applied.
    case ready(Item)
    /// Beyond reading: it becomes a dead letter.
    case poison(Poison)

    /// What is fit to be applied.
    public var item: Item? { if case .ready(let item) = self { item } else { nil } }
}

/// Why a record can't be processed, ever, as it is.
public struct Poison: Error, Sendable, Equatable {
    /// As a code, for example `malformed_json`.
    public let reason: String
    /// In words: what is wrong and where.
    public let error: String

    /// A reason and an explanation.
    public init(reason: String, error: String) {
        self.reason = reason
        self.error = error
    }
}

/// What applying a batch came to.
public struct BatchEffect: Sendable {
    /// To be published after the commit, in this order.
    public var events: [OutgoingEvent]
    /// Items that become dead letters, by their index in the batch.
    public var poison: [Int: Poison]
    /// How many items were refused as a matter of business.
    public var rejectedCount: Int

    /// Nothing to publish and nothing refused, unless said otherwise.
    public init(events: [OutgoingEvent] = [], poison: [Int: Poison] = [:], rejectedCount: Int = 0) {
        self.events = events
        self.poison = poison
        self.rejectedCount = rejectedCount
    }
}
