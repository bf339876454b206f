import ArgumentParser
import Events
import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally deliveries list`
struct DeliveryList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List deliveries, newest first, a page at a time.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var filter: DeliveryOptions
    @Option(help: "At most this many, up to 10,000.") var limit = 50
    @Option(help: "Start after this delivery: the last of the page before.") var after: DeliveryID?

    func validate() throws {
        guard (1...10_000).contains(limit) else {
            throw ValidationError("--limit must be 1 to 10000")
        }
    }

    func run() async throws {
        let connection = try await DeliveriesCommand.connect(global)
        let now = SystemClock().now()
        // One more than is shown: whether there is another page.
        let page = DeliveryPage(filter.filter(at: now), before: after?.id, limit: limit + 1)
        let found = try await connection.transaction { try await page.run(in: $0) }
        await connection.close()
        let shown = Array(found.prefix(limit))
        let next = found.count > limit ? shown.last?.id.description : nil
        if output.json {
            try Terminal.json(Page(deliveries: shown.map(DeliveryJSON.init), next: next))
        } else {
            show(shown, next: next)
        }
    }

    private func show(_ shown: [DeliveryLine], next: String?) {
        guard !shown.isEmpty else { return Terminal.line("no deliveries match") }
        var table = TextTable(headings: [
            "ID", "MADE", "ORDER", "PARTY", "EVENT", "STATUS", "ATTEMPTS", "NEXT", "LAST ANSWER",
        ])
        table.rightAligned = [6]
        for delivery in shown {
            table.rows.append([
                delivery.id.description, delivery.createdAt.shanghai, delivery.orderNo,
                delivery.partyNo, delivery.eventType, delivery.status, String(delivery.attempt),
                delivery.isInFlight ? "now" : delivery.nextAttemptAt?.shanghai ?? "-",
                delivery.lastAnswer.cut(80),
            ])
        }
        for line in table.lines { Terminal.line(line) }
        guard let next else { return }
        var words = ["tally", "deliveries", "list"] + filter.arguments
        if limit != 50 { words += ["--limit", String(limit)] }
        Terminal.line("more: \((words + ["--after", next]).joined(separator: " "))")
    }

    private struct Page: Encodable {
        let deliveries: [DeliveryJSON]
        let next: String?
    }
}

extension DeliveryLine {
    /// The last attempt's answer, on one line.
    var lastAnswer: String {
        lastError.map { PrintableBytes.escaped($0) } ?? lastStatus.map { "\($0) success" } ?? "-"
    }
}

/// A delivery as JSON.
struct DeliveryJSON: Encodable {
    let deliveryID: String
    let orderNo: String
    let partyNo: String
    let event: String
    let refundNo: String?
    let url: String
    let status: String
    let attempts: Int32
    let inFlight: Bool
    let createdAt: String
    let nextAttemptAt: String?
    let acknowledgedAt: String?
    let lastHTTPStatus: Int32?
    let lastError: String?

    init(_ delivery: DeliveryLine) {
        deliveryID = delivery.id.description
        orderNo = delivery.orderNo
        partyNo = delivery.partyNo
        event = delivery.eventType
        refundNo = delivery.refundNo.isEmpty ? nil : delivery.refundNo
        url = delivery.url
        status = delivery.status
        attempts = delivery.attempt
        inFlight = delivery.isInFlight
        createdAt = delivery.createdAt.rfc3339
        nextAttemptAt = delivery.nextAttemptAt?.rfc3339
        acknowledgedAt = delivery.acknowledgedAt?.rfc3339
        lastHTTPStatus = delivery.lastStatus
        lastError = delivery.lastError
    }
}
