import Crypto
import Events
import Foundation
import Payments
import Store

/// The events of one imported statement: its lines in parts, and its closing.
struct StatementEvents: Sendable {
    // Together they keep an event below the limit of its topic, 1 MiB, whatever the lines hold.
    static let linesPerEvent = 500
    static let bytesPerEvent = 800_000

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
        lines = Self.parts(of: statement.lines).map { part in
            StatementLines(
                envelope: StatementLines.envelope(at: now), statementID: id,
                firstLineNo: part.first?.lineNo ?? 0, lines: Array(part))
        }
        closed = StatementClosed(
            envelope: StatementClosed.envelope(at: now), statementID: id, channel: channel,
            date: statement.day, account: statement.account, lineCount: count,
            tradeCount: statement.footer.tradeCount, tradeTotalFen: statement.footer.tradeTotal,
            refundCount: statement.footer.refundCount,
            refundTotalFen: statement.footer.refundTotal, linesEvents: lines.count)
    }

    private static func parts(of lines: [StatementLine]) -> [ArraySlice<StatementLine>] {
        var parts: [ArraySlice<StatementLine>] = []
        var start = lines.startIndex
        var bytes = 0
        for (index, line) in lines.enumerated() {
            let more = line.largestByteCount
            if index > start, index - start == linesPerEvent || bytes + more > bytesPerEvent {
                parts.append(lines[start..<index])
                (start, bytes) = (index, 0)
            }
            bytes += more
        }
        if start < lines.endIndex { parts.append(lines[start...]) }
        return parts
    }

    /// The lines' events, then the closing's.
    func outgoing() throws -> [OutgoingEvent] {
        try lines.map { try OutgoingEvent($0) } + [try OutgoingEvent(closed)]
    }
}

extension StatementLine {
    /// Bytes of its JSON at most: a character may be escaped to six.
    fileprivate var largestByteCount: Int {
        let texts = [channelTradeNo, orderNo, refundNo ?? "", subject]
        return 400 + texts.reduce(0) { $0 + 6 * $1.utf8.count }
    }
}
