public import Channels
import Events
public import Payments
public import Postgres
public import Store
public import WorkerRuntime

/// Queries the channel about orders in progress, on a schedule, until an answer is final; closes
/// there what has expired or is to be closed.
///
/// It changes no order: each answer is published to `callbacks.received`, signed by the channel as
/// it was received, and the callback worker applies it.
public struct InquirySweep: Sweep {
    public let name = "inquiries"
    public let concurrency = 16

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
    ) async throws -> [ClaimInquiries.Row] {
        try await connection.run(ClaimInquiries(limit: limit, now: now))
    }

    public func perform(_ job: ClaimInquiries.Row) async throws {
        let now = clock.now()
        let plan = InquiryPlan(job, at: now)
        var answers: [ChannelAnswer] = []
        var summary: [String] = []
        var next: InquiryPlan.Call? = plan.first
        while let call = next {
            do throws(ChannelError) {
                let answer = try await perform(call, job, now)
                answers.append(answer)
                summary.append(answer.code)
                next = plan.call(after: call, answer: answer)
            } catch {
                summary.append("no answer: \(error)")
                next = plan.call(afterUnanswered: call)
            }
        }
        try await record(job, plan, summary.joined(separator: ", then "), answers, at: now)
    }

    private func perform(
        _ call: InquiryPlan.Call, _ job: ClaimInquiries.Row, _ now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer {
        switch call {
        case .query: try await channel.query(orderNo: job.orderNo, now: now)
        case .close: try await channel.close(orderNo: job.orderNo, now: now)
        }
    }

    private func record(
        _ job: ClaimInquiries.Row, _ plan: InquiryPlan, _ summary: String,
        _ answers: [ChannelAnswer], at now: Timestamp
    ) async throws {
        let completion = CompleteInquiry(
            orderNo: job.orderNo, attempt: job.attempt, method: plan.first.rawValue,
            answer: String(summary.prefix(200)), nextAt: plan.nextAt,
            closeWasRequested: job.closeRequested, now: now)
        let events = try answers.map { answer in
            try OutgoingEvent(
                CallbackReceived(
                    answer: answer.rawBody, method: answer.method, orderNo: job.orderNo,
                    channel: channel.name, at: now),
                traceparent: job.traceparent)
        }
        try await outbox.run { transaction in
            _ = try await transaction.run(completion)
            return events
        }
    }
}
