public import Channels
import Events
public import Payments
public import Postgres
public import Store
public import WorkerRuntime

/// Asks the channel about orders in progress, on a schedule, until it gives a final answer; closes
/// there what has expired or is to be closed.
///
/// It changes no order: each answer is published to `callbacks.received`, signed by the channel as
/// it came, and the callback worker applies it.
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
        limit: Int, excluding lanes: [String], now: Timestamp, on connection: PostgresConnection
    ) async throws -> [ClaimInquiries.Row] {
        try await connection.run(ClaimInquiries(limit: limit, now: now))
    }

    public func perform(_ job: ClaimInquiries.Row) async throws {
        let now = clock.now()
        let isToClose = job.closeRequested || now >= job.expiresAt
        let method: ChannelMethod = isToClose ? .close : .query
        var answers: [ChannelAnswer] = []
        var said: String
        do throws(ChannelError) {
            let first =
                isToClose
                ? try await channel.close(orderNo: job.orderNo, now: now)
                : try await channel.query(orderNo: job.orderNo, now: now)
            answers.append(first)
            said = first.subCode ?? first.code
            // A close that was refused may mean that the payer was faster: ask.
            if isToClose, !first.isSuccess {
                let second = try await channel.query(orderNo: job.orderNo, now: now)
                answers.append(second)
                said += ", then " + (second.subCode ?? second.code)
            }
        } catch {
            said = "no answer: \(error)"
        }
        try await record(job, method, said, answers, asked: now)
    }

    private func record(
        _ job: ClaimInquiries.Row, _ method: ChannelMethod, _ said: String,
        _ answers: [ChannelAnswer], asked: Timestamp
    ) async throws {
        let wait = RetrySchedule.inquiry.next(afterAttempt: Int(job.attempt)) ?? .seconds(3_600)
        var next = asked.adding(wait)
        // The expiry is a moment to ask at, whatever the schedule says.
        if asked < job.expiresAt { next = min(next, job.expiresAt) }
        let completion = CompleteInquiry(
            orderNo: job.orderNo, attempt: job.attempt, method: method.rawValue,
            answer: String(said.prefix(200)), nextAt: next,
            knewOfClose: job.closeRequested, now: asked)
        let events = try answers.map { answer in
            try OutgoingEvent(
                CallbackReceived(
                    answer: answer.rawBody, method: answer.method, orderNo: job.orderNo,
                    channel: channel.name, at: asked),
                traceparent: job.traceparent)
        }
        try await outbox.run { transaction in
            _ = try await transaction.run(completion)
            return events
        }
    }
}

/// What is asked first.
enum ChannelMethod: String {
    case query
    case close
}
