import Crypto
import Events
import Foundation
import Payments
import Store

/// The events of one imported statement: its lines in parts, and its closing.
struct StatementEvents: Sendable {
    // Keeps an event well below the broker's limit for a message.
    static let linesPerEvent = 500

    /// Of the file: the same bytes are the same statement.
    let sha256: [UInt8]
    let lines: [StatementLines]
    let closed: StatementClosed

    /// - Throws: `StatementError` where the footer differs from the sum of the lines.
    init(
        of statement: Statement, fileBytes: [UInt8], channel: String, now: Timestamp
    ) throws(StatementError) {
        try statement.validate()
        sha256 = Array(SHA256.hash(data: Data(fileBytes)))
        let version = sha256.prefix(4).map { String(format: "%02x", $0) }.joined()
        let id = "\(channel)-\(statement.day.compact)-\(version)"
        let count = statement.lines.count
        lines = stride(from: 0, to: count, by: Self.linesPerEvent).map { start in
            let part = Array(statement.lines[start..<min(start + Self.linesPerEvent, count)])
            return StatementLines(
                envelope: StatementLines.envelope(at: now), statementID: id,
                firstLineNo: part.first?.lineNo ?? 0, lines: part)
        }
        closed = StatementClosed(
            envelope: StatementClosed.envelope(at: now), statementID: id, channel: channel,
            date: statement.day, account: statement.account, lineCount: count,
            tradeCount: statement.footer.tradeCount, tradeTotalFen: statement.footer.tradeTotal,
            refundCount: statement.footer.refundCount,
            refundTotalFen: statement.footer.refundTotal, linesEvents: lines.count)
    }

    /// The lines' events, then the closing's.
    func outgoing() throws -> [OutgoingEvent] {
        try lines.map { try OutgoingEvent($0) } + [try OutgoingEvent(closed)]
    }
}
