public import Channels
import Events
public import Payments
public import Postgres
public import Store
public import WorkerRuntime

/// Asks the channel for the refunds that merchants want, each under its one number, until the
/// answer is final.
///
/// The first attempt asks for the refund. Later ones repeat it with the same number, which moves
/// money at most once, and ask what became of it.
public struct RefundSweep: Sweep {
    public let name = "refunds"
    public let concurrency = 8

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
        limit: Int, excluding lanes: [String], now: Timestamp, on connection: PostgresConnection
    ) async throws -> [ClaimRefunds.Row] {
        try await connection.run(ClaimRefunds(limit: limit, now: now))
    }

    public func perform(_ job: ClaimRefunds.Row) async throws {
        let now = clock.now()
        var answers: [ChannelAnswer] = []
        var failure: String?
        do throws(ChannelError) {
            if job.attempt > 1 {
                answers.append(
                    try await channel.queryRefund(
                        orderNo: job.orderNo, refundNo: job.refundNo, now: now))
            }
            answers.append(
                try await channel.refund(
                    orderNo: job.orderNo, refundNo: job.refundNo, amount: job.amount,
                    reason: job.reason.isEmpty ? "refund" : job.reason, now: now))
        } catch {
            failure = Self.finalFailure(error)
        }
        if let last = answers.last, failure == nil { failure = Self.finalFailure(last) }
        try await record(job, answers, failure, asked: now)
    }

    private func record(
        _ job: ClaimRefunds.Row, _ answers: [ChannelAnswer], _ failure: String?,
        asked: Timestamp
    ) async throws {
        let wait = RetrySchedule.inquiry.next(afterAttempt: Int(job.attempt)) ?? .seconds(3_600)
        let completion = CompleteRefundAttempt(
            refundNo: job.refundNo, attempt: job.attempt, nextAt: asked.adding(wait),
            failure: failure, now: asked)
        let events = try answers.map { answer in
            try OutgoingEvent(
                CallbackReceived(
                    answer: answer.rawBody, method: answer.method, orderNo: job.orderNo,
                    refundNo: job.refundNo, channel: channel.name, at: asked),
                traceparent: job.traceparent)
        }
        try await outbox.run { transaction in
            _ = try await transaction.run(completion)
            return events
        }
    }

    // A refusal in the channel's own words, unless the same request may succeed later.
    private static func finalFailure(_ error: ChannelError) -> String? {
        if case .refused(let code, let subCode, let message) = error {
            return isPassing(subCode) ? nil : "\(subCode ?? code): \(message)"
        }
        return nil
    }

    private static func finalFailure(_ answer: ChannelAnswer) -> String? {
        guard !answer.isSuccess, answer.code == "40004", !isPassing(answer.subCode) else {
            return nil
        }
        return "\(answer.subCode ?? answer.code): \(answer.message ?? "refused")"
    }

    // The seller's balance is topped up; an error of the system says nothing of the outcome.
    private static func isPassing(_ subCode: String?) -> Bool {
        guard let subCode else { return true }
        return subCode.contains("SYSTEM_ERROR") || subCode.contains("BALANCE_NOT_ENOUGH")
    }
}
