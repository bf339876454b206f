import Crypto
import Foundation
public import Postgres

/// A report as a file of one format.
public struct ReportFile: Sendable {
    /// What was written.
    public struct Written: Sendable {
        /// Rows of all its tables, without totals.
        public let rows: Int
        /// The file's size.
        public let bytes: Int
        /// Of its bytes, in hexadecimal: the same data makes the same file.
        public let sha256: String
    }

    let report: Report
    let format: ReportFormat
    let tables: [ReportTable]
    let hasMark: Bool

    /// - Parameters:
    ///   - table: for CSV, which holds one: the table's name; the first by default.
    ///   - hasMark: for CSV: whether it begins with a byte order mark.
    /// - Throws: `ReportError.noTable`.
    public init(
        _ report: Report, as format: ReportFormat, table: String? = nil, hasMark: Bool = false
    ) throws(ReportError) {
        self.report = report
        self.format = format
        self.hasMark = hasMark
        guard let table else {
            tables = format == .csv ? Array(report.tables.prefix(1)) : report.tables
            return
        }
        guard let found = report.tables.first(where: { $0.name == table }) else {
            throw .noTable(table, known: report.tables.map(\.name))
        }
        tables = [found]
    }

    /// Writes the file beside `path` and renames it: a file of this name is whole, and the one
    /// that was there stays where an error is thrown.
    public func write(
        to path: String, in transaction: PostgresTransaction
    ) async throws -> Written {
        let unfinished = "\(path).\(UUID().uuidString.prefix(8)).part"
        do {
            let rows = try await writeTables(to: unfinished, in: transaction)
            let (bytes, digest) = try Self.digest(of: unfinished)
            guard rename(unfinished, path) == 0 else {
                throw ReportError.file(path, reason: String(cString: strerror(errno)))
            }
            return Written(rows: rows, bytes: bytes, sha256: digest)
        } catch {
            unlink(unfinished)
            throw error
        }
    }

    private func writeTables(
        to path: String, in transaction: PostgresTransaction
    ) async throws -> Int {
        var writer = try writer(to: path)
        var rowCount = 0
        for table in tables {
            try writer.begin(table)
            var totals = ReportTotals(table.columns)
            try await table.rows(transaction) { rows in
                for row in rows {
                    try totals.add(row)
                    try writer.write(row)
                }
            }
            try writer.end(totals: totals.row(label: report.labels.total))
            rowCount += totals.rowCount
        }
        try writer.finish()
        return rowCount
    }

    private func writer(to path: String) throws -> any ReportWriter {
        switch format {
        case .xlsx: try XLSXReport(report, path: path)
        case .csv: try CSVReport(path: path, hasMark: hasMark)
        case .html: try HTMLReport(report, path: path)
        }
    }

    private static func digest(of path: String) throws -> (bytes: Int, sha256: String) {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw ReportError.file(path, reason: "it isn't there")
        }
        defer { try? file.close() }
        var hash = SHA256()
        var bytes = 0
        while let part = try file.read(upToCount: 1 << 20), !part.isEmpty {
            hash.update(data: part)
            bytes += part.count
        }
        let digest = hash.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        return (bytes, digest.joined())
    }
}
