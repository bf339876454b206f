import ArgumentParser
import Composition
import Foundation
import Payments
import Postgres
import Store

/// `tally notifications`
struct NotificationsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "notifications", abstract: "Shows what came as the channel's notifications.",
        subcommands: [Refused.self])

    /// `tally notifications refused`
    struct Refused: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "A sample of the notifications that were refused, the newest first.",
            discussion: """
                At most twenty of each reason are kept; the metric \
                tally_notifications_refused_total counts all. --json prints the start of each \
                body too.
                """)
        @OptionGroup var global: GlobalOptions
        @OptionGroup var output: OutputOptions
        @Option(help: "Only this reason, for example bad_signature.") var reason: String?
        @Option(help: "At most this many, up to 1,000.") var limit = 50

        func validate() throws {
            guard (1...1_000).contains(limit) else {
                throw ValidationError("--limit must be 1 to 1000")
            }
        }

        func run() async throws {
            let connection = try await CommandDatabase.connect(
                try await global.settings(), name: "notifications")
            let samples = try await connection.run(
                RefusedNotificationSamples(reason: reason, limit: limit))
            await connection.close()
            if output.json {
                try Terminal.json(samples.map(RefusedNotificationJSON.init))
            } else {
                show(samples)
            }
        }

        private func show(_ samples: [RefusedNotification]) {
            guard !samples.isEmpty else { return Terminal.line("no notification was refused") }
            var table = TextTable(
                headings: ["RECEIVED", "REASON", "COUNT", "FROM", "ORDER", "BYTES", "DETAIL"],
                rightAligned: [2, 5])
            for sample in samples {
                table.rows.append([
                    sample.receivedAt.shanghai, sample.reason, String(sample.count),
                    sample.remoteIP ?? "-", sample.orderNo ?? "-", String(sample.bodyBytes),
                    sample.detail.cut(80),
                ])
            }
            for line in table.lines { Terminal.line(line) }
        }
    }
}

/// A refused notification as JSON.
private struct RefusedNotificationJSON: Encodable {
    let reason: String
    let channel: String
    let receivedAt: String
    let remoteIP: String?
    let orderNo: String?
    let detail: String
    let count: Int64
    let body: String?
    let bodyBase64: String?
    let bodyBytes: Int32

    init(_ sample: RefusedNotification) {
        reason = sample.reason
        channel = sample.channel
        receivedAt = sample.receivedAt.rfc3339
        remoteIP = sample.remoteIP
        orderNo = sample.orderNo
        detail = sample.detail
        count = sample.count
        body = String(validating: sample.bodyStart, as: UTF8.self)
        bodyBase64 = body == nil ? Data(sample.bodyStart).base64EncodedString() : nil
        bodyBytes = sample.bodyBytes
    }
}
