public import ArgumentParser
import Foundation
import Payments
import Postgres
public import Reports
import Store

/// `tally report`
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Writes a report for finance people: XLSX, CSV or a page that prints.",
        discussion: """
            reconciliation: what doesn't agree with the channel's statements. settlement: what \
            merchants are owed, with the orders and refunds behind it; with --merchant, what \
            that merchant may see. daily: turnover by day and product. profit-share: what agents \
            earned; with --agent, each order too. fees: the channel's fees by statement and by \
            contract. trial-balance: the ledger's accounts at the end of the day.

            The same data makes the same bytes.
            """)
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var words: LanguageOptions
    @Argument(help: "Which report.") var kind: ReportKind
    @Option(help: "Its day, YYYY-MM-DD.") var date: String?
    @Option(help: "Its first day, with --to; in place of --date.") var from: String?
    @Option(help: "Its last day.") var to: String?
    @Option(help: "Only this merchant's; of settlement.") var merchant: String?
    @Option(help: "Only this agent's; of profit-share.") var agent: String?
    @Option(help: "The file's format; by default that of the file's name, else csv.")
    var format: ReportFormat?
    @Option(
        name: [.customLong("output"), .customShort("o")],
        help: "The file to write; without it, standard output.")
    var path: String?
    @Option(help: "Of a CSV file: which table. A wrong name is answered with the right ones.")
    var table: String?
    @Flag(help: "Begin a CSV file with a byte order mark: older Excel needs it for Chinese.")
    var bom = false

    func validate() throws {
        _ = try days()
        _ = try request()
        guard !output.json || path != nil else {
            throw ValidationError("--json prints what was written, so it needs --output")
        }
        guard resolvedFormat == .csv || (table == nil && !bom) else {
            throw ValidationError("--table and --bom are of CSV files")
        }
        guard resolvedFormat != .xlsx || path != nil || isatty(STDOUT_FILENO) == 0 else {
            throw ValidationError("a workbook isn't text: name a file with --output")
        }
    }

    func run() async throws {
        let settings = try await global.settings()
        let connection = try await CommandDatabase.connect(settings, name: "report")
        let target = path ?? Self.temporaryPath()
        defer { if path == nil { unlink(target) } }
        let written: ReportFile.Written
        do {
            written = try await write(to: target, on: connection)
        } catch {
            await connection.close()
            throw Self.readable(error)
        }
        await connection.close()
        guard let path else { return try Self.copyToStandardOutput(target) }
        if output.json {
            return try Terminal.json(
                Result(
                    report: kind.rawValue, format: resolvedFormat.rawValue, output: path,
                    rows: written.rows, bytes: written.bytes, sha256: written.sha256))
        }
        Terminal.line("\(path): \(written.rows) rows, \(written.bytes) bytes")
    }

    /// All of a report is of one moment.
    private func write(
        to path: String, on connection: PostgresConnection
    ) async throws -> ReportFile.Written {
        let request = try request()
        return try await connection.transaction(at: .repeatableRead) { transaction in
            let report = try await request.report(in: transaction)
            let file = try ReportFile(report, as: resolvedFormat, table: table, hasMark: bom)
            return try await file.write(to: path, in: transaction)
        }
    }

    private var resolvedFormat: ReportFormat {
        let ending = path.flatMap { $0.split(separator: ".").last }.map { $0.lowercased() }
        return format ?? ending.flatMap(ReportFormat.init(rawValue:)) ?? .csv
    }

    private func request() throws -> ReportRequest {
        let days = try days()
        do throws(ReportRequest.Refusal) {
            return try ReportRequest(
                kind, days: days, merchantNo: merchant, agentNo: agent, language: words.language)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    private func days() throws -> ReportDays {
        func day(_ text: String, _ option: String) throws -> BusinessDay {
            guard let day = BusinessDay(text) else {
                throw ValidationError("\(option) must be YYYY-MM-DD")
            }
            return day
        }
        let days: ReportDays?
        switch (date, from, to) {
        case (let date?, nil, nil):
            let day = try day(date, "--date")
            days = ReportDays(from: day, to: day)
        case (nil, let from?, let to?):
            days = ReportDays(from: try day(from, "--from"), to: try day(to, "--to"))
        default: throw ValidationError("name a day with --date, or days with --from and --to")
        }
        guard let days else { throw ValidationError("--to is before --from") }
        return days
    }

    private static func readable(_ error: any Error) -> any Error {
        switch error {
        case let error as ReportError: CommandError(error.description)
        case let error as ReportRequest.Refusal: CommandError(error.description)
        default: error
        }
    }

    private static func temporaryPath() -> String {
        FileManager.default.temporaryDirectory
            .appendingPathComponent("tally-report-\(UUID().uuidString)").path
    }

    private static func copyToStandardOutput(_ path: String) throws {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw CommandError("\(path) can't be read again: is the temporary folder full?")
        }
        defer { try? file.close() }
        while let part = try file.read(upToCount: 1 << 20), !part.isEmpty {
            try FileHandle.standardOutput.write(contentsOf: part)
        }
    }

    private struct Result: Encodable {
        let report: String
        let format: String
        let output: String
        let rows: Int
        let bytes: Int
        let sha256: String
    }
}

extension ReportKind: ExpressibleByArgument {}
extension ReportFormat: ExpressibleByArgument {}
