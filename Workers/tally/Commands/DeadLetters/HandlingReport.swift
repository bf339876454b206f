import Payments
import Sentences
import Store
import WorkerRuntime

/// The last lines of `replay` and `discard`.
struct HandlingReport {
    let action: DeadLetterHandling.Action
    let isJSON: Bool

    func dryRun(_ counts: [CountDeadLetters.Row], _ matched: Int) throws {
        if isJSON {
            return try Terminal.json(
                Plan(
                    action: action.verb, dryRun: true, matched: matched,
                    kinds: counts.map {
                        .init(
                            topic: $0.topic, reason: $0.reason, count: $0.count,
                            oldest: $0.oldest.rfc3339, newest: $0.newest.rfc3339)
                    }))
        }
        if !counts.isEmpty {
            var table = TextTable(
                headings: ["COUNT", "TOPIC", "REASON", "OLDEST", "NEWEST"], rightAligned: [0])
            for row in counts {
                table.rows.append([
                    row.count.grouped, row.topic, row.reason, row.oldest.shanghai,
                    row.newest.shanghai,
                ])
            }
            for line in table.lines { Terminal.line(line) }
        }
        Terminal.line("would \(action.verb) \(matched.grouped); nothing was done")
    }

    func done(
        _ outcome: DeadLetterHandling.Outcome, leftovers: Int, in duration: Duration
    ) throws {
        let seconds = duration / .seconds(1)
        if isJSON {
            return try Terminal.json(
                Result(
                    action: action.verb, handled: outcome.handled,
                    skipped: outcome.skipped, leftovers: leftovers, seconds: seconds))
        }
        let speed =
            outcome.handled >= 1_000 && seconds > 0
            ? " in \(duration.approximate), \(Int(Double(outcome.handled) / seconds).grouped)/s"
            : ""
        Terminal.line("\(action.participle) \(outcome.handled.grouped)\(speed)")
        if outcome.skipped > 0 {
            Terminal.line(
                "\(outcome.skipped.grouped) were being handled by another command, or are too "
                    + "large for their topic with a replay's headers; see tally dead-letters list")
        }
        if leftovers > 0 {
            Terminal.line(
                "published \(leftovers.grouped) outbox rows of an earlier command")
        }
    }

    private struct Plan: Encodable {
        struct Kind: Encodable {
            let topic: String
            let reason: String
            let count: Int64
            let oldest: String
            let newest: String
        }
        let action: String
        let dryRun: Bool
        let matched: Int
        let kinds: [Kind]
    }

    private struct Result: Encodable {
        let action: String
        let handled: Int
        let skipped: Int
        let leftovers: Int
        let seconds: Double
    }
}
