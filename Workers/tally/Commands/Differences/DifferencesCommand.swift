public import ArgumentParser
public import Payments
import Postgres
import Store

/// `tally differences`
struct DifferencesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "differences",
        abstract: "Lists and resolves what doesn't agree with the channel's statements.",
        discussion: "docs/operations.md says what each kind means, and what to do.",
        subcommands: [
            List.self, DifferenceShow.self, DifferenceResolve.self, DifferenceApprove.self,
            DifferenceRefuse.self,
        ])

    enum Status: String, ExpressibleByArgument, CaseIterable { case open, resolved, escalated }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List differences, newest first, a page at a time.")
        @OptionGroup var global: GlobalOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Only those of this day's statement, YYYY-MM-DD.") var date: String?
        @Option(help: "open, resolved or escalated.") var status: Status?
        @Option(help: "Only those of this kind.") var kind: DifferenceKind?
        @Option(help: "At most this many, up to 10,000.") var limit = 50
        @Option(help: "Start after this difference: the last of the page before.")
        var after: Int64?

        func validate() throws {
            guard date.map({ BusinessDay($0) != nil }) ?? true else {
                throw ValidationError("--date must be YYYY-MM-DD")
            }
            guard (1...10_000).contains(limit) else {
                throw ValidationError("--limit must be 1 to 10000")
            }
        }

        func run() async throws {
            let connection = try await CommandDatabase.connect(
                try await global.settings(), name: "differences")
            // One more than is shown: whether there is another page.
            let found = try await connection.run(
                DifferencePage(
                    day: date.flatMap(BusinessDay.init), status: status?.rawValue,
                    kind: kind?.rawValue, before: after, limit: limit + 1))
            await connection.close()
            let shown = Array(found.prefix(limit))
            let next = found.count > limit ? shown.last?.id : nil
            if output.json {
                return try Terminal.json(Page(differences: shown.map(Line.init), next: next))
            }
            guard !shown.isEmpty else { return Terminal.line("no differences match") }
            var table = TextTable(headings: [
                "ID", "DAY", "KIND", "LINE", "ORDER", "REFUND", "OURS", "CHANNEL'S", "STATUS",
            ])
            table.rightAligned = [0, 6, 7]
            for one in shown {
                table.rows.append([
                    String(one.id), one.day, one.kind, one.lineKind,
                    PrintableBytes.escaped(one.orderNo),
                    one.refundNo.isEmpty ? "-" : PrintableBytes.escaped(one.refundNo),
                    one.platformAmount?.yuan ?? "-", one.channelAmount?.yuan ?? "-",
                    one.resolution ?? one.status,
                ])
            }
            for line in table.lines { Terminal.line(line) }
            if let next { Terminal.line("more: \(more(after: next))") }
        }

        private func more(after next: Int64) -> String {
            var words = ["tally", "differences", "list"]
            if let date { words += ["--date", date] }
            if let status { words += ["--status", status.rawValue] }
            if let kind { words += ["--kind", kind.rawValue] }
            if limit != 50 { words += ["--limit", String(limit)] }
            return (words + ["--after", String(next)]).joined(separator: " ")
        }

        private struct Page: Encodable {
            let differences: [Line]
            let next: Int64?
        }

        private struct Line: Encodable {
            let id: Int64
            let channel: String
            let date: String
            let kind: String
            let lineKind: String
            let orderNo: String
            let refundNo: String?
            let platformAmountFen: Int64?
            let channelAmountFen: Int64?
            let status: String
            let resolution: String?
            let openedAt: String

            init(_ row: DifferencePage.Row) {
                id = row.id
                channel = row.channel
                date = row.day
                kind = row.kind
                lineKind = row.lineKind
                orderNo = row.orderNo
                refundNo = row.refundNo.isEmpty ? nil : row.refundNo
                platformAmountFen = row.platformAmount?.fen
                channelAmountFen = row.channelAmount?.fen
                status = row.status
                resolution = row.resolution
                openedAt = row.openedAt.rfc3339
            }
        }
    }
}

extension DifferenceKind: ExpressibleByArgument {}
