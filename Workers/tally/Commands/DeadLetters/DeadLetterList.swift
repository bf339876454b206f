import ArgumentParser
import Events
import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally dead-letters list`
struct DeadLetterList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List letters, oldest first, a page at a time.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var letters: DeadLetterOptions
    @Option(help: "open, replayed or discarded.") var status = DeadLetterFilter.Status.open
    @Option(help: "At most so many, up to 10,000.") var limit = 50
    @Option(help: "Go on after this letter: the last of the page before.") var after: DeadLetterID?

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
                Terminal.note("there is no dead letter \(after.id) to go on after")
                throw ExitCode.failure
            }
        }
        // One more than is shown tells whether there are more.
        let page = DeadLetterPage(letters.filter(status), after: place, limit: limit + 1)
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
        for letter in shown {
            table.rows.append([
                letter.id.description, letter.createdAt.shanghai,
                "\(letter.topic)/\(letter.partition)@\(letter.offset)",
                letter.key.map { PrintableBytes.text($0).cut(32) } ?? "-", letter.reason,
                PrintableBytes.escaped(letter.error).cut(80),
            ])
        }
        for line in table.lines { Terminal.line(line) }
        guard let next else { return }
        var words = ["tally", "dead-letters", "list"] + letters.arguments
        if status != .open { words += ["--status", status.rawValue] }
        if limit != 50 { words += ["--limit", String(limit)] }
        Terminal.line("more: \((words + ["--after", next]).joined(separator: " "))")
    }

    private struct Page: Encodable {
        let deadLetters: [DeadLetterJSON]
        let next: String?
    }
}

/// A letter without its record, as JSON.
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

    init(_ letter: DeadLetterLine) {
        deadLetterID = letter.id.description
        status = letter.status
        worker = letter.worker
        originTopic = letter.topic
        originPartition = letter.partition
        originOffset = letter.offset
        key = letter.key.map { bytes in
            String(validating: bytes, as: UTF8.self) ?? PrintableBytes.text(bytes)
        }
        reason = letter.reason
        error = letter.error
        replayCount = letter.replayCount
        createdAt = letter.createdAt.rfc3339
        handledAt = letter.handledAt?.rfc3339
        handledBy = letter.handledBy
        handledBecause = letter.handledBecause
    }
}
