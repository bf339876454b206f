import ArgumentParser
import Composition
import Payments
import Postgres
import Store

/// `tally reconcile`
struct ReconcileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile", abstract: "Shows reconciliations, and compares a day again.",
        subcommands: [Show.self, ReconcileRun.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the result of a day's reconciliation, and its differences.")
        @OptionGroup var global: GlobalOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "The day, YYYY-MM-DD.") var date: String

        func validate() throws {
            guard BusinessDay(date) != nil else {
                throw ValidationError("--date must be YYYY-MM-DD")
            }
        }

        func run() async throws {
            let settings = try await global.settings()
            guard let day = BusinessDay(date) else { throw ExitCode.failure }
            let connection = try await CommandDatabase.connect(settings, name: "reconcile")
            let reconciliations = try await connection.run(ReconciliationsOfDay(day: day))
            let differences = try await connection.run(DifferencesOfDay(day: day))
            await connection.close()
            if output.json {
                try Terminal.json(Report(reconciliations, differences))
                return
            }
            if reconciliations.isEmpty { Terminal.line("\(day) has not been reconciled") }
            for one in reconciliations {
                let counts = one.counts.map { "\($0.name) \($0.count)" }
                Terminal.line("\(one.statementID): \(counts.joined(separator: ", "))")
            }
            for one in differences {
                let ours = one.platformAmount?.yuan ?? "-"
                let theirs = one.channelAmount?.yuan ?? "-"
                let line = one.lineNo.map { " (line \($0))" } ?? ""
                Terminal.line(
                    "\(one.kind) \(one.lineKind) \(one.orderNo) \(one.refundNo): platform \(ours), "
                        + "channel \(theirs)\(line), \(one.resolution ?? one.status)")
            }
        }

        private struct Report: Encodable {
            struct Difference: Encodable {
                let kind: String
                let lineKind: String
                let orderNo: String
                let refundNo: String
                let lineNo: Int32?
                let platformAmountFen: Int64?
                let channelAmountFen: Int64?
                let status: String
                let resolution: String?
            }
            let reconciliations: [[String: String]]
            let differences: [Difference]

            init(_ rows: [ReconciliationsOfDay.Row], _ differences: [DifferencesOfDay.Row]) {
                reconciliations = rows.map { row in
                    var object = ["statement_id": row.statementID]
                    for count in row.counts { object[count.name] = String(count.count) }
                    return object
                }
                self.differences = differences.map { row in
                    Difference(
                        kind: row.kind, lineKind: row.lineKind, orderNo: row.orderNo,
                        refundNo: row.refundNo, lineNo: row.lineNo,
                        platformAmountFen: row.platformAmount?.fen,
                        channelAmountFen: row.channelAmount?.fen, status: row.status,
                        resolution: row.resolution)
                }
            }
        }
    }
}
