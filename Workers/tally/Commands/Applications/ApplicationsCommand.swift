public import ArgumentParser
import Composition
import Console
import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally applications`
struct ApplicationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "applications",
        abstract:
            "Companies that are to become agents or merchants: entered by one, decided by another.",
        discussion: """
            A merchant's application is checked against the channel's blacklist, reviewed by a \
            person who didn't enter it, and registered at the channel by tally worker onboarding; \
            then the merchant has its number and its login. An agent's needs the review alone. \
            tally users reset LOGIN gives a new login its first password.

            Who enters or decides proves who it is with --as, --password-file and --code.
            """,
        subcommands: [
            ApplicationListing.self, ApplicationShow.self, ApplicationAdd.self,
            ApplicationCorrect.self, ApplicationApprove.self, ApplicationRefuse.self,
        ])

    /// Runs what the user whom the options prove does, in one transaction with its events.
    static func change<Value: Sendable>(
        _ global: GlobalOptions, by options: AdminOptions, for permission: Permission,
        _ body:
            @Sendable @escaping (Applications, PostgresTransaction) async throws -> (
                [OutgoingEvent], Value
            )
    ) async throws -> Value {
        let settings = try await global.settings()
        let sealer = try await CommandSealer.checked(global)
        let user = try await options.user(global, for: permission)
        let tools = try await CommandTools(settings, name: Applications.outbox)
        let applications = Applications(user: user, sealer: sealer, now: SystemClock().now())
        let value: Value
        do {
            value = try await tools.storing {
                try await tools.outbox.run { try await body(applications, $0) }
            }
        } catch {
            _ = await tools.close()
            guard let refusal = error as? ApplicationRefusal else { throw error }
            throw CommandError("\(refusal)")
        }
        guard await tools.close() else {
            throw await tools.unpublished("the application and its event", by: "onboarding")
        }
        return value
    }

    /// Reads in a transaction.
    static func read<Value: Sendable>(
        _ global: GlobalOptions, _ body: (PostgresTransaction) async throws -> Value
    ) async throws -> Value {
        try await CommandDatabase.transaction(
            try await global.settings(), name: "applications", body)
    }
}

/// `tally applications list`
struct ApplicationListing: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List applications, the newest first, a page at a time.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "checking, in_review, onboarding, active or refused.")
    var status: ApplicationStatus?
    @Option(help: "agent or merchant.") var kind: ApplicationKind?
    @Option(help: "Only those below this party, or directly below it.") var below: String?
    @Option(help: "At most this many, up to 1,000.") var limit = 50
    @Option(help: "Start after this application: the last of the page before.") var before: String?

    func validate() throws {
        guard (1...1_000).contains(limit) else {
            throw ValidationError("--limit must be 1 to 1000")
        }
    }

    func run() async throws {
        let query = ApplicationList(
            status: status, kind: kind, root: below, before: before, limit: limit + 1)
        let found = try await ApplicationsCommand.read(global) { try await $0.run(query) }
        let shown = Array(found.prefix(limit))
        let next = found.count > limit ? shown.last?.applicationNo : nil
        if output.json {
            return try Terminal.json(
                Page(applications: shown.map { ApplicationJSON($0) }, next: next))
        }
        guard !shown.isEmpty else { return Terminal.line("no applications match") }
        let table = TextTable(
            headings: ["APPLICATION", "KIND", "BELOW", "STATUS", "VERSION", "ENTERED", "NAME"],
            rows: shown.map { row in
                [
                    row.applicationNo, row.kind.rawValue, row.parentNo, row.status.rawValue,
                    String(row.version), row.enteredAt.shanghai, PrintableBytes.escaped(row.name),
                ]
            })
        for line in table.lines { Terminal.line(line) }
        guard let next else { return }
        var words = ["tally", "applications", "list"]
        if let status { words += ["--status", status.rawValue] }
        if let kind { words += ["--kind", kind.rawValue] }
        if let below { words += ["--below", below] }
        if limit != 50 { words += ["--limit", String(limit)] }
        Terminal.line("more: \((words + ["--before", next]).joined(separator: " "))")
    }

    private struct Page: Encodable {
        let applications: [ApplicationJSON]
        let next: String?
    }
}

extension ApplicationStatus: ExpressibleByArgument {}
extension ApplicationKind: ExpressibleByArgument {}
