import Events
import Hummingbird
import Payments
import Postgres
import Sentences
import Store

/// `/dead-letters`: the open ones, oldest first, as `tally dead-letters list` shows them.
struct DeadLettersPage: Sendable {
    let pages: PageRenderer
    let reads: ConsoleReads

    private static let limit = 100

    private struct Row {
        let id: String
        let topic: String
        let place: String
        let worker: String
        let reason: String
        let error: String
        let createdAt: String
        let replays: String?
    }

    func add(to router: Router<ConsoleContext>) {
        router.get("/dead-letters") { _, context in
            _ = try reads.user(context, for: .deadLetters)
            let say = context.language
            let lines = try await reads.pool.transaction {
                try await DeadLetterPage(DeadLetterFilter(), limit: Self.limit).run(in: $0)
            }
            let rows = lines.map { line in
                Row(
                    id: line.id.description, topic: line.topic,
                    place: "\(line.partition)/\(line.offset)", worker: line.worker,
                    reason: line.reason, error: line.error, createdAt: line.createdAt.shanghai,
                    replays: line.replayCount > 0 ? String(line.replayCount) : nil)
            }
            return pages.page(
                "dead-letters", title: say("Dead letters", "死信"), context: context,
                path: "/dead-letters",
                content: [
                    "rows": rows, "isEmpty": rows.isEmpty, "isCut": rows.count == Self.limit,
                ])
        }
    }
}
