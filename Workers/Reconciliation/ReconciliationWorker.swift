public import Events
public import Kafka
public import Payments
public import Postgres
import Store
public import WorkerRuntime

/// Stores a statement's lines and, once it is complete, compares it with the orders and refunds:
/// once for each statement.
public struct ReconciliationWorker: Worker {
    /// A part of a statement.
    public enum Item: Sendable {
        /// Some of its lines.
        case lines(StatementLines)
        /// All its lines have been published.
        case closed(StatementClosed)

        var statementID: String {
            switch self {
            case .lines(let event): event.statementID
            case .closed(let event): event.statementID
            }
        }
    }

    public let name = "reconciliation"
    public let topics = [StatementLines.topic, StatementClosed.topic]

    public init() {}

    public func prepare(_ records: [KafkaRecord]) async -> [Preparation<Item>] {
        records.map { record in
            do throws(EventCodecError) {
                if record.topicPartition.topic == StatementLines.topic {
                    return .ready(
                        .lines(try EventCodec.decode(StatementLines.self, from: record.value)))
                }
                return .ready(
                    .closed(try EventCodec.decode(StatementClosed.self, from: record.value)))
            } catch {
                return .poison(Poison(reason: error.reason, error: error.detail))
            }
        }
    }

    public func apply(
        _ items: [Item], in transaction: PostgresTransaction, now: Timestamp
    ) async throws -> BatchEffect {
        var effect = BatchEffect()
        let ids = Set(items.map(\.statementID))
        let known = Set(try await transaction.run(KnownStatements(ids.sorted())))
        for (index, item) in items.enumerated() where !known.contains(item.statementID) {
            effect.poison[index] = Self.unknown(item.statementID)
        }
        try await insertLines(of: items, of: known, in: transaction)
        // The lines and the closing are on two topics: the last to arrive completes the statement.
        for statementID in known.sorted() {
            let completed = try await transaction.run(
                CompleteStatement(statementID: statementID, now: now))
            guard let statement = completed.first else { continue }
            let event = try await Reconciliation(statement: statement, now: now)
                .run(in: transaction)
            effect.events.append(try OutgoingEvent(event))
        }
        return effect
    }

    private func insertLines(
        of items: [Item], of known: Set<String>, in transaction: PostgresTransaction
    ) async throws {
        var statementIDs: [String] = []
        var lines: [StatementLine] = []
        for case .lines(let event) in items where known.contains(event.statementID) {
            statementIDs += event.lines.map { _ in event.statementID }
            lines += event.lines
        }
        guard !lines.isEmpty else { return }
        _ = try await transaction.run(
            InsertStatementLines(statementIDs: statementIDs, lines: lines))
    }

    private static func unknown(_ statementID: String) -> Poison {
        Poison(
            reason: "statement_unknown",
            error: "statement \(statementID) was never imported; import its file")
    }
}
