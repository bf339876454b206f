import ArgumentParser
import Events
import Foundation
import Payments
import Postgres
import Sentences
import Store
import WorkerRuntime

/// `tally dead-letters show`
struct DeadLetterShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Everything about one dead letter, with the record's content.",
        discussion: "The content may hold personal data: it is printed and never logged.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The dead letter's id.") var id: DeadLetterID

    func run() async throws {
        let connection = try await DeadLettersCommand.connect(global)
        let deadLetter = try await connection.run(DeadLettersByID([id.id])).first
        let record = try await connection.run(DeadLetterRecordByID(id.id)).first
        let trail = try await connection.run(AuditTrail(subject: id.id.description))
        await connection.close()
        guard let deadLetter, let record else {
            Terminal.note("there is no dead letter \(id.id)")
            throw ExitCode.failure
        }
        let details = DeadLetterDetails(
            deadLetter: deadLetter, record: record, trail: trail)
        if output.json {
            try Terminal.json(details.json)
        } else {
            for line in details.lines(at: SystemClock().now()) { Terminal.line(line) }
        }
    }
}

/// A dead letter with its record and its entries in the audit log.
struct DeadLetterDetails {
    let deadLetter: DeadLetterLine
    let record: DeadLetterRecordByID.Row
    let trail: [AuditTrail.Row]

    func lines(at now: Timestamp) -> [String] {
        var lines = ["dead letter \(deadLetter.id)"]
        func add(_ name: String, _ text: String) {
            lines.append((name + ":").padding(14) + text)
        }
        add("state", state)
        add(
            "written",
            "\(deadLetter.createdAt.shanghai), \((now - deadLetter.createdAt).approximate) ago, "
                + "by worker \(deadLetter.worker)")
        add("from", "\(deadLetter.topic)/\(deadLetter.partition) at offset \(deadLetter.offset)")
        add("key", deadLetter.key.map(PrintableBytes.text) ?? "none")
        add("reason", deadLetter.reason)
        add("error", PrintableBytes.escaped(deadLetter.error))
        add("replays", replays)
        for id in record.failedAgainAs { add("failed again", "as dead letter \(id)") }
        lines += ["", "headers:"]
        for header in record.headers {
            lines.append(
                "  \(PrintableBytes.escaped(header.name)): \(PrintableBytes.text(header.value))")
        }
        if record.headers.isEmpty { lines.append("  none") }
        if !trail.isEmpty { lines += ["", "audit log:"] }
        for entry in trail {
            let detail = entry.detail.isEmpty ? "" : ": \(PrintableBytes.escaped(entry.detail))"
            lines.append("  \(entry.at.shanghai)  \(entry.actor)  \(entry.action)\(detail)")
        }
        lines += [""] + valueLines
        return lines
    }

    private var state: String {
        guard let at = deadLetter.handledAt else { return deadLetter.status }
        let because = deadLetter.handledBecause.map { ": \(PrintableBytes.escaped($0))" } ?? ""
        return
            "\(deadLetter.status) at \(at.shanghai) by \(deadLetter.handledBy ?? "-")\(because)"
    }

    private var replays: String {
        guard let before = record.replayedFrom else {
            return deadLetter.replayCount == 0
                ? "none before this" : "\(deadLetter.replayCount) before this"
        }
        return "\(deadLetter.replayCount) before this; it was dead letter \(before)"
    }

    private var valueLines: [String] {
        let size = "\(record.value.count.grouped) bytes"
        if record.value.isEmpty { return ["value: empty"] }
        if let json = IndentedJSON.lines(record.value) {
            return ["value, \(size) of JSON:"] + json.map(PrintableBytes.escaped)
        }
        if let text = String(validating: record.value, as: UTF8.self) {
            return ["value, \(size) of text:"]
                + text.split(separator: "\n", omittingEmptySubsequences: false)
                .map { PrintableBytes.escaped(String($0)) }
        }
        return ["value, \(size):"] + PrintableBytes.dump(record.value)
    }

    /// The details as JSON.
    struct JSON: Encodable {
        struct Header: Encodable {
            let name: String
            let value: String
        }
        struct Entry: Encodable {
            let at: String
            let actor: String
            let action: String
            let detail: String
        }
        let deadLetter: DeadLetterJSON
        let replayedFrom: String?
        let failedAgainAs: [String]
        let headers: [Header]
        let history: [Entry]
        let value: String?
        let valueBase64: String

        enum CodingKeys: String, CodingKey {
            case replayedFrom, failedAgainAs, headers, history, value, valueBase64
        }

        func encode(to encoder: any Encoder) throws {
            try deadLetter.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(replayedFrom, forKey: .replayedFrom)
            try container.encode(failedAgainAs, forKey: .failedAgainAs)
            try container.encode(headers, forKey: .headers)
            try container.encode(history, forKey: .history)
            try container.encodeIfPresent(value, forKey: .value)
            try container.encode(valueBase64, forKey: .valueBase64)
        }
    }

    var json: JSON {
        JSON(
            deadLetter: DeadLetterJSON(deadLetter), replayedFrom: record.replayedFrom?.description,
            failedAgainAs: record.failedAgainAs.map(\.description),
            headers: record.headers.map {
                .init(
                    name: $0.name,
                    value: String(validating: $0.value, as: UTF8.self)
                        ?? PrintableBytes.text($0.value))
            },
            history: trail.map {
                .init(at: $0.at.rfc3339, actor: $0.actor, action: $0.action, detail: $0.detail)
            },
            value: String(validating: record.value, as: UTF8.self),
            valueBase64: Data(record.value).base64EncodedString())
    }
}
