public import Channels
import Events
public import Payments
public import Postgres
public import Store
public import WorkerRuntime

/// Queries the channel about refunds that it has reported and that aren't known here, such as those
/// made in its own console, until an answer proves them.
///
/// It stores no refund: each answer is published to `callbacks.received`, signed by the channel as
/// it was received, and the callback worker applies it.
public struct RefundReportSweep: Sweep {
    public let name = "refund_reports"
    public let concurrency = 4

    private let channel: any PaymentChannel
    private let outbox: TransactionalOutbox
    private let clock: any BusinessClock

    /// - Parameter outbox: stores the answers with the schedule.
    public init(
        channel: any PaymentChannel, outbox: TransactionalOutbox, clock: any BusinessClock
    ) {
        self.channel = channel
        self.outbox = outbox
        self.clock = clock
    }

    public func claim(
        limit: Int, now: Timestamp, on connection: PostgresConnection
    ) async throws -> [ClaimRefundReports.Row] {
        try await connection.run(ClaimRefundReports(limit: limit, now: now))
    }

    public func perform(_ job: ClaimRefundReports.Row) async throws {
        let now = clock.now()
        var answer: ChannelAnswer?
        let summary: String
        do {
            let received = try await channel.queryRefund(
                orderNo: job.orderNo, refundNo: job.refundNo, now: now)
            (answer, summary) = (received, received.code)
        } catch {
            summary = "no answer: \(error)"
        }
        let completion = CompleteRefundReport(
            job, answer: String(summary.prefix(200)),
            nextAt: Self.nextAt(afterAttempt: Int(job.attempt), at: now), now: now)
        let event = try answer.map { answer in
            try OutgoingEvent(
                CallbackReceived(
                    answer: answer.rawBody, method: answer.method, orderNo: job.orderNo,
                    refundNo: job.refundNo, channel: channel.name, at: now),
                traceparent: job.traceparent)
        }
        try await outbox.run { transaction in
            _ = try await transaction.run(completion)
            return event.map { [$0] } ?? []
        }
    }

    /// The queries of one report, within about 25 hours. The statement's line, which comes in that
    /// time, opens the report again.
    static let queries = 30

    /// When the report is due again, if the answer leaves it open; `nil` after the last query.
    static func nextAt(afterAttempt attempt: Int, at now: Timestamp) -> Timestamp? {
        guard attempt % queries != 0 else { return nil }
        let wait = RetrySchedule.inquiry.next(afterAttempt: attempt % queries)
        return now.adding(wait ?? .seconds(3_600))
    }
}
