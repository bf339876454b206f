public import Channels
import Events
public import Logging
public import Payments
public import Postgres
public import Store
public import WorkerRuntime

/// Requests the refunds of merchants from the channel, each under its one number, until the answer
/// is final.
///
/// It completes no refund: each answer is published to `callbacks.received`, signed by the channel
/// as it was received, and the callback worker applies it. Only a final refusal is stored here.
public struct RefundSweep: Sweep {
    public let name = "refunds"
    public let concurrency = 8

    private let channel: any PaymentChannel
    private let outbox: TransactionalOutbox
    private let clock: any BusinessClock
    private let logger: Logger

    /// - Parameter outbox: stores the answers with the schedule.
    public init(
        channel: any PaymentChannel, outbox: TransactionalOutbox, clock: any BusinessClock,
        logger: Logger
    ) {
        self.channel = channel
        self.outbox = outbox
        self.clock = clock
        self.logger = logger
    }

    public func claim(
        limit: Int, now: Timestamp, on connection: PostgresConnection
    ) async throws -> [ClaimRefunds.Row] {
        try await connection.run(ClaimRefunds(limit: limit, now: now))
    }

    public func perform(_ job: ClaimRefunds.Row) async throws {
        let now = clock.now()
        let plan = RefundPlan(job, at: now)
        var answers: [ChannelAnswer] = []
        var steps: [String] = []
        var failure: String?
        do throws(ChannelError) {
            var next: RefundPlan.Call? = plan.first
            while let call = next {
                let answer = try await perform(call, job, now)
                answers.append(answer)
                steps.append("\(call.rawValue) \(answer.code)")
                failure = plan.failure(in: answer, to: call)
                next = plan.call(after: call, answer: answer)
            }
        } catch {
            steps.append("no answer: \(error)")
            // Unknown outcome, or a temporary refusal: attempted again by the schedule.
            logger.warning(
                "the channel gave no usable answer about a refund; attempted again by the schedule",
                metadata: [
                    "refund_no": "\(job.refundNo)", "order_no": "\(job.orderNo)",
                    "attempt": "\(job.attempt)", "error": "\(error)",
                ])
        }
        try await record(
            job, plan, steps.joined(separator: ", then "), answers, failure, at: now)
    }

    private func perform(
        _ call: RefundPlan.Call, _ job: ClaimRefunds.Row, _ now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer {
        switch call {
        case .query, .confirm:
            try await channel.queryRefund(orderNo: job.orderNo, refundNo: job.refundNo, now: now)
        case .refund:
            try await channel.refund(
                orderNo: job.orderNo, refundNo: job.refundNo, amount: job.amount,
                reason: job.reason.isEmpty ? "refund" : job.reason, now: now)
        }
    }

    private func record(
        _ job: ClaimRefunds.Row, _ plan: RefundPlan, _ summary: String,
        _ answers: [ChannelAnswer], _ failure: String?, at now: Timestamp
    ) async throws {
        let completion = CompleteRefundAttempt(
            refundNo: job.refundNo, orderNo: job.orderNo, attempt: job.attempt,
            answer: String(summary.prefix(200)), nextAt: plan.nextAt, failure: failure, now: now)
        let events = try answers.map { answer in
            try OutgoingEvent(
                CallbackReceived(
                    answer: answer.rawBody, method: answer.method, orderNo: job.orderNo,
                    refundNo: job.refundNo, channel: channel.name, at: now),
                traceparent: job.traceparent)
        }
        try await outbox.run { transaction in
            _ = try await transaction.run(completion)
            return events
        }
    }
}
