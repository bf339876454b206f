import ArgumentParser
import Events
import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally deliveries show`
struct DeliveryShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "One delivery with every attempt, what was answered, and what happens next.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The delivery's id (Tally-Delivery-Id).") var id: DeliveryID

    func run() async throws {
        let connection = try await DeliveriesCommand.connect(global)
        let delivery = try await connection.run(DeliveriesByID([id.id])).first
        let attempts = try await connection.run(DeliveryAttempts(id.id))
        let trail = try await connection.run(AuditTrail(subject: id.id.description))
        await connection.close()
        guard let delivery else {
            Terminal.note("there is no delivery \(id.id)")
            throw ExitCode.failure
        }
        let details = DeliveryDetails(delivery: delivery, attempts: attempts, trail: trail)
        if output.json {
            try Terminal.json(details.json)
        } else {
            for line in details.lines { Terminal.line(line) }
        }
    }
}

/// A delivery with its attempts and its entries in the audit log.
struct DeliveryDetails {
    let delivery: DeliveryLine
    let attempts: [DeliveryAttempts.Row]
    let trail: [AuditTrail.Row]

    var lines: [String] {
        var lines = ["delivery \(delivery.id)"]
        func add(_ name: String, _ text: String) {
            lines.append((name + ":").padding(10) + text)
        }
        add("order", delivery.orderNo)
        add("party", delivery.partyNo)
        let refund = delivery.refundNo.isEmpty ? "" : ", refund \(delivery.refundNo)"
        add("event", delivery.eventType + refund)
        add("url", PrintableBytes.escaped(delivery.url))
        add("made", delivery.createdAt.shanghai)
        add("state", state)
        lines += ["", "attempts:"]
        if attempts.isEmpty { lines.append("  none has ended") }
        for attempt in attempts {
            let answer =
                attempt.error.map { PrintableBytes.escaped($0) }
                ?? "\(attempt.httpStatus ?? 0), acknowledged"
            let time = "\(attempt.at.shanghai)  \(attempt.milliseconds) ms"
            lines.append("  \(attempt.attempt)  \(time)  \(answer)")
        }
        if !trail.isEmpty { lines += ["", "audit log:"] }
        for entry in trail {
            let detail = entry.detail.isEmpty ? "" : ": \(PrintableBytes.escaped(entry.detail))"
            lines.append("  \(entry.at.shanghai)  \(entry.actor)  \(entry.action)\(detail)")
        }
        return lines
    }

    private var state: String {
        if delivery.isInFlight { return "pending; attempt \(delivery.attempt) is in flight" }
        switch DeliveryFilter.Status(rawValue: delivery.status) {
        case .pending:
            let next = delivery.nextAttemptAt?.shanghai ?? "-"
            return "pending; attempt \(delivery.attempt + 1) is due at \(next)"
        case .acknowledged:
            return "acknowledged at \(delivery.acknowledgedAt?.shanghai ?? "-")"
        case .exhausted:
            return "exhausted: no attempt is left; tally deliveries resend \(delivery.id)"
        case nil: return delivery.status
        }
    }

    var json: some Encodable {
        JSON(
            delivery: DeliveryJSON(delivery),
            attempts: attempts.map {
                JSON.Attempt(
                    attempt: $0.attempt, at: $0.at.rfc3339, httpStatus: $0.httpStatus,
                    error: $0.error, durationMs: $0.milliseconds)
            },
            auditLog: trail.map {
                JSON.Entry(
                    actor: $0.actor, action: $0.action, detail: $0.detail, at: $0.at.rfc3339)
            })
    }

    private struct JSON: Encodable {
        struct Attempt: Encodable {
            let attempt: Int32
            let at: String
            let httpStatus: Int32?
            let error: String?
            let durationMs: Int32
        }

        struct Entry: Encodable {
            let actor: String
            let action: String
            let detail: String
            let at: String
        }

        let delivery: DeliveryJSON
        let attempts: [Attempt]
        let auditLog: [Entry]
    }
}
