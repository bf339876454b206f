import ArgumentParser
import Events
import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally deliveries resend`
struct DeliveryResend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resend",
        abstract: "Send deliveries again: one, those of a filter, or those of a range of time.",
        discussion: """
            Each is due at once and has the whole retry schedule before it; its id stays the same, \
            and its body says what the order is now. With filters only exhausted deliveries are \
            sent again, unless --status says otherwise. One that is in flight is left out. Each is \
            in the audit log.
            """)
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "Ids of deliveries; or use filters.") var ids: [DeliveryID] = []
    @OptionGroup var filter: DeliveryOptions
    @Option(help: "At most this many, the newest first.") var limit: Int?
    @Option(help: "Why; stored in the audit log.") var because: String?
    @Flag(help: "Print what would be sent again, and change nothing.") var dryRun = false

    func validate() throws {
        let hasFilter = !filter.arguments.isEmpty
        guard ids.isEmpty || !(hasFilter || limit != nil) else {
            throw ValidationError("use ids or filters, not both")
        }
        guard !ids.isEmpty || hasFilter else {
            throw ValidationError(
                "which deliveries? Give ids, or filters such as --party, --order or --since")
        }
        guard limit.map({ $0 > 0 }) ?? true else {
            throw ValidationError("--limit must be 1 or more")
        }
    }

    func run() async throws {
        let connection = try await DeliveriesCommand.connect(global)
        let report: Report
        do {
            report = try await ids.isEmpty ? resendFiltered(connection) : resendNamed(connection)
        } catch {
            await connection.close()
            throw error
        }
        await connection.close()
        if output.json { return try Terminal.json(report) }
        Terminal.line(report.line)
    }

    private static let batch = 1_000

    private func resendNamed(_ connection: PostgresConnection) async throws -> Report {
        let wanted = ids.map(\.id)
        let known = Set(try await connection.run(DeliveriesByID(wanted)).map(\.id))
        let missing = wanted.filter { !known.contains($0) }
        guard missing.isEmpty else {
            throw CommandError(
                missing.map { "there is no delivery \($0)" }.joined(separator: "\n")
                    + "\nnothing was sent again")
        }
        var report = Report(matched: known.count, dryRun: dryRun)
        if !dryRun { try await resend(wanted, connection, &report) }
        return report
    }

    /// A page at a time; what is made or changes state meanwhile doesn't shift the pages.
    private func resendFiltered(_ connection: PostgresConnection) async throws -> Report {
        let now = SystemClock().now()
        var filter = filter.filter(at: now)
        filter.status = filter.status ?? .exhausted
        var report = Report(matched: 0, dryRun: dryRun)
        var before: EventID?
        while report.matched < limit ?? .max {
            let count = min(Self.batch, (limit ?? .max) - report.matched)
            let page = DeliveryPage(filter, before: before, limit: count)
            let found = try await connection.transaction { try await page.run(in: $0) }
            report.matched += found.count
            if !dryRun { try await resend(found.map(\.id), connection, &report) }
            guard found.count == count else { break }
            before = found.last?.id
        }
        return report
    }

    private func resend(
        _ ids: [EventID], _ connection: PostgresConnection, _ report: inout Report
    ) async throws {
        do {
            report.resent += try await connection.run(
                ResendDeliveries(
                    ids, actor: DeadLettersCommand.actor, because: because,
                    now: SystemClock().now())
            ).count
        } catch {
            throw CommandError(
                "\(report.resent) deliveries were sent again before this failure, the others are "
                    + "unchanged; run the command again: \(error)")
        }
    }

    struct Report: Encodable {
        var matched: Int
        var resent = 0
        let dryRun: Bool

        init(matched: Int, dryRun: Bool) {
            self.matched = matched
            self.dryRun = dryRun
        }

        var line: String {
            if dryRun { return "\(matched.grouped) deliveries would be sent again" }
            let rest = matched - resent
            let left = rest > 0 ? "; \(rest.grouped) are in flight and were left out" : ""
            return "\(resent.grouped) deliveries are due again\(left)"
        }
    }
}
