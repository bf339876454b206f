import ArgumentParser
import Events
import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally dead-letters list`
struct DeadLetterList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List dead letters, oldest first, a page at a time.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var filter: DeadLetterOptions
    @Option(help: "open, replayed or discarded.") var status = DeadLetterFilter.Status.open
    @Option(help: "At most this many, up to 10,000.") var limit = 50
    @Option(help: "Start after this dead letter: the last of the previous page.") var after:
        DeadLetterID?

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("--limit must be 1 to 10000")
        }
    }

    func run() async throws {
        let connection = try await DeadLettersCommand.connect(global)
        var place: DeadLetterPlace?
        if let after {
            place = try await connection.run(DeadLettersByID([after.id])).first?.place
            guard place != nil else {
                await connection.close()
                Terminal.note(
                    "there is no dead letter \(after.id): --after is the last of the page before"
                )
                throw ExitCode.failure
            }
        }
        // One more than is shown: whether there is another page.
        let page = DeadLetterPage(filter.filter(status), after: place, limit: limit + 1)
        let found = try await connection.transaction { try await page.run(in: $0) }
        await connection.close()
        let shown = Array(found.prefix(limit))
        let next = found.count > limit ? shown.last?.id : nil
        if output.json {
            try Terminal.json(
                Page(
                    deadLetters: shown.map(DeadLetterJSON.init),
                    next: next?.description))
        } else {
            show(shown, next: next?.description)
        }
    }

    private func show(_ shown: [DeadLetterLine], next: String?) {
        guard !shown.isEmpty else {
            return Terminal.line("no \(status.rawValue) dead letters match")
        }
        var table = TextTable(headings: ["ID", "WRITTEN", "FROM", "KEY", "REASON", "ERROR"])
        for deadLetter in shown {
            table.rows.append([
                deadLetter.id.description, deadLetter.createdAt.shanghai,
                "\(deadLetter.topic)/\(deadLetter.partition)@\(deadLetter.offset)",
                deadLetter.key.map { PrintableBytes.text($0).cut(32) } ?? "-", deadLetter.reason,
                PrintableBytes.escaped(deadLetter.error).cut(80),
            ])
        }
        for line in table.lines { Terminal.line(line) }
        guard let next else { return }
        var words = ["tally", "dead-letters", "list"] + filter.arguments
        if status != .open { words += ["--status", status.rawValue] }
        if limit != 50 { words += ["--limit", String(limit)] }
        Terminal.line("more: \((words + ["--after", next]).joined(separator: " "))")
    }

    private struct Page: Encodable {
        let deadLetters: [DeadLetterJSON]
        let next: String?
    }
}

/// A dead letter without its record, as JSON.
struct DeadLetterJSON: Encodable {
    let deadLetterID: String
    let status: String
    let worker: String
    let originTopic: String
    let originPartition: Int32
    let originOffset: Int64
    let key: String?
    let reason: String
    let error: String
    let replayCount: Int32
    let createdAt: String
    let handledAt: String?
    let handledBy: String?
    let handledBecause: String?

    init(_ deadLetter: DeadLetterLine) {
        deadLetterID = deadLetter.id.description
        status = deadLetter.status
        worker = deadLetter.worker
        originTopic = deadLetter.topic
        originPartition = deadLetter.partition
        originOffset = deadLetter.offset
        key = deadLetter.key.map { bytes in
            String(validating: bytes, as: UTF8.self) ?? PrintableBytes.text(bytes)
        }
        reason = deadLetter.reason
        error = deadLetter.error
        replayCount = deadLetter.replayCount
        createdAt = deadLetter.createdAt.rfc3339
        handledAt = deadLetter.handledAt?.rfc3339
        handledBy = deadLetter.handledBy
        handledBecause = deadLetter.handledBecause
    }
}
