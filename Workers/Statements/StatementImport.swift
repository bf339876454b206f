import Events
public import Payments
import Postgres
import Store
public import WorkerRuntime

/// Stores a channel's statement and publishes its lines: all of them, or none where anything in it
/// is wrong.
public struct StatementImport: Sendable {
    /// The result of an import.
    public enum Result: Sendable, Equatable {
        /// Its lines are stored as events for reconciliation.
        case imported(statementID: String, lineCount: Int)
        /// The same file was imported before; nothing is stored.
        case known(statementID: String)
    }

    private let outbox: TransactionalOutbox
    private let channel: String

    /// - Parameter outbox: stores the lines as events.
    public init(outbox: TransactionalOutbox, channel: String) {
        self.outbox = outbox
        self.channel = channel
    }

    /// - Parameter fileBytes: the file as it was received: the same bytes are the same statement.
    public func run(
        _ statement: Statement, fileBytes: [UInt8], now: Timestamp
    ) async throws -> Result {
        let events = try StatementEvents(
            of: statement, fileBytes: fileBytes, channel: channel, now: now)
        let outgoing = try events.outgoing()
        let isNew = Flag()
        try await outbox.run { transaction in
            let rows = try await transaction.run(
                InsertStatement(events.closed, sha256: events.sha256, now: now))
            guard !rows.isEmpty else { return [] }
            isNew.set()
            return outgoing
        }
        let id = events.closed.statementID
        return isNew.isSet
            ? .imported(statementID: id, lineCount: statement.lines.count)
            : .known(statementID: id)
    }
}
