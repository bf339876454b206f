import Channels
import Crypto
import Events
import Foundation
public import Payments
import Postgres
import Store
public import WorkerRuntime

/// Takes a channel's statement in: all of it, or, if anything about it is wrong, nothing.
public struct StatementImport: Sendable {
    /// What came of it.
    public enum Result: Sendable, Equatable {
        /// Its lines are on their way to reconciliation.
        case imported(statementID: String, lineCount: Int)
        /// This very file was imported before.
        case known(statementID: String)
    }

    // Keeps an event well below the broker's limit for a message.
    private static let linesAnEvent = 500

    private let outbox: TransactionalOutbox
    private let channel: String

    /// - Parameter outbox: stores the lines as events.
    public init(outbox: TransactionalOutbox, channel: String) {
        self.outbox = outbox
        self.channel = channel
    }

    /// - Parameter fileBytes: the file as it came: the same bytes are the same statement.
    public func run(
        _ statement: Statement, fileBytes: [UInt8], now: Timestamp
    ) async throws -> Result {
        try statement.validate()
        let digest = Array(SHA256.hash(data: Data(fileBytes)))
        let name = digest.prefix(4).map { String(format: "%02x", $0) }.joined()
        let id = "\(channel)-\(statement.day.compact)-\(name)"
        let closed = closing(statement, id: id, now: now)
        let events =
            try lines(statement, id: id, now: now).map { try OutgoingEvent($0) }
            + [try OutgoingEvent(closed)]
        let isNew = Flag()
        try await outbox.run { transaction in
            let rows = try await transaction.run(
                InsertStatement(closed, sha256: digest, now: now))
            guard !rows.isEmpty else { return [] }
            isNew.set()
            return events
        }
        return isNew.isSet
            ? .imported(statementID: id, lineCount: statement.lines.count)
            : .known(statementID: id)
    }

    private func lines(_ statement: Statement, id: String, now: Timestamp) -> [StatementLines] {
        stride(from: 0, to: statement.lines.count, by: Self.linesAnEvent).map { start in
            let end = min(start + Self.linesAnEvent, statement.lines.count)
            let part = Array(statement.lines[start..<end])
            return StatementLines(
                envelope: StatementLines.envelope(at: now), statementID: id,
                firstLineNo: part.first?.lineNo ?? 0, lines: part)
        }
    }

    private func closing(_ statement: Statement, id: String, now: Timestamp) -> StatementClosed {
        let events = (statement.lines.count + Self.linesAnEvent - 1) / Self.linesAnEvent
        return StatementClosed(
            envelope: StatementClosed.envelope(at: now), statementID: id, channel: channel,
            date: statement.day, account: statement.account, lineCount: statement.lines.count,
            tradeCount: statement.footer.tradeCount, tradeTotalFen: statement.footer.tradeTotal,
            refundCount: statement.footer.refundCount,
            refundTotalFen: statement.footer.refundTotal, linesEvents: events)
    }
}
