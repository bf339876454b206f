public import Kafka
public import Payments
public import Postgres

/// A role that consumes topics: a batch of records and a transaction in, events out.
///
/// The runtime polls, calls `prepare` outside any transaction, then `apply` inside one, and moves
/// the offsets, stores the events and the dead letters in that same transaction. `apply` may be
/// called again with the same items, or with a part of them: its only effects must be those of its
/// transaction.
public protocol Worker: Sendable {
    /// A record as `prepare` decodes it.
    associatedtype Item: Sendable

    /// The worker's name; its consumer group is `tally-` + name.
    var name: String { get }
    /// The topics it reads.
    var topics: [String] { get }

    /// Decodes and checks records while the batch before them is processed; may use all cores. Rows
    /// that it reads from the database may have changed when the batch is applied.
    /// - Returns: one preparation for each record, in the same order.
    func prepare(_ records: [KafkaRecord]) async -> [Preparation<Item>]

    /// Writes the effect of a batch, with set-based statements.
    /// - Parameter now: business time, the same for the whole batch.
    /// - Returns: the events to publish, and the items that are poison.
    /// - Throws: a transient error, after which the batch is retried; any other error means that a
    ///   record breaks the handler, and parts of the batch are applied, each after a savepoint of
    ///   the same transaction, until that record is alone.
    func apply(
        _ items: [Item], in transaction: PostgresTransaction, now: Timestamp
    ) async throws -> BatchEffect
}

/// A decoded record, or why it can't be decoded.
public enum Preparation<Item: Sendable>: Sendable {
    /// Can be applied.
    case ready(Item)
    /// Can't be decoded: becomes a dead letter.
    case poison(Poison)

    /// The item; `nil` for poison.
    public var item: Item? { if case .ready(let item) = self { item } else { nil } }
}
