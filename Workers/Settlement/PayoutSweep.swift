public import Channels
import Events
public import Payments
public import Postgres
public import Store
public import WorkerRuntime

/// Has the bank pay, and asks it what became of a payout whose answer was lost or isn't final: with
/// the same number always, never sent again under another.
public struct PayoutSweep: Sweep {
    public let name = "payouts"
    public let concurrency = 4

    private let bank: any BankChannel
    private let sealer: Sealer
    private let outbox: TransactionalOutbox
    private let clock: any BusinessClock

    /// - Parameters:
    ///   - sealer: opens the payees' names and card numbers.
    ///   - outbox: stores outcomes with their events.
    public init(
        bank: any BankChannel, sealer: Sealer, outbox: TransactionalOutbox,
        clock: any BusinessClock
    ) {
        self.bank = bank
        self.sealer = sealer
        self.outbox = outbox
        self.clock = clock
    }

    public func claim(
        limit: Int, excluding lanes: [String], now: Timestamp, on connection: PostgresConnection
    ) async throws -> [ClaimPayouts.Row] {
        try await connection.run(ClaimPayouts(limit: limit, now: now))
    }

    public func perform(_ job: ClaimPayouts.Row) async throws {
        let now = clock.now()
        let answer: PayoutAnswer
        do throws(ChannelError) {
            answer = try await ask(job, now)
        } catch {
            try await postpone(job, status: "requested", nil, "answer unknown: \(error)", now)
            return
        }
        try await record(job, answer, now)
    }

    // The first attempt pays. Any later one asks first: the money may have moved.
    private func ask(
        _ job: ClaimPayouts.Row, _ now: Timestamp
    ) async throws(ChannelError) -> PayoutAnswer {
        if job.attempt > 1 {
            let known = try await bank.query(payoutNo: job.payoutNo)
            guard case .notFound = known else { return known }
        }
        guard let order = payoutOrder(job) else {
            return .failed(reason: "\(job.merchantNo) has no settlement card that opens")
        }
        return try await bank.pay(order)
    }

    private func payoutOrder(_ job: ClaimPayouts.Row) -> PayoutOrder? {
        let context = PutSettlementCard.sealContext(partyNo: job.merchantNo)
        guard let name = job.payeeNameSealed, let card = job.cardNoSealed,
            let payeeName = try? sealer.open(name, context: context),
            let payeeCardNo = try? sealer.open(card, context: context)
        else { return nil }
        return PayoutOrder(
            payoutNo: job.payoutNo, amount: job.amount, payeeName: payeeName,
            payeeCardNo: payeeCardNo, purpose: "settlement")
    }

    private func record(
        _ job: ClaimPayouts.Row, _ answer: PayoutAnswer, _ now: Timestamp
    ) async throws {
        switch answer {
        case .accepted(let bankRef):
            try await postpone(job, status: "processing", bankRef, "the bank is at it", now)
        case .notFound:
            try await postpone(job, status: "requested", nil, "the bank doesn't know it", now)
        case .succeeded(let bankRef, _):
            try await complete(job, .succeeded, bankRef, nil, now)
        case .failed(let reason):
            try await complete(job, .failed, nil, reason, now)
        }
    }

    private func postpone(
        _ job: ClaimPayouts.Row, status: String, _ bankRef: String?, _ reason: String,
        _ now: Timestamp
    ) async throws {
        let wait = RetrySchedule.inquiry.next(afterAttempt: Int(job.attempt)) ?? .seconds(3_600)
        let postponed = PostponePayout(
            payoutNo: job.payoutNo, attempt: job.attempt, status: status, bankRef: bankRef,
            reason: String(reason.prefix(300)), nextAt: now.adding(wait))
        try await outbox.run { transaction in
            _ = try await transaction.run(postponed)
            return []
        }
    }

    private func complete(
        _ job: ClaimPayouts.Row, _ outcome: PayoutOutcome, _ bankRef: String?, _ reason: String?,
        _ now: Timestamp
    ) async throws {
        let completed = CompletePayout(
            payoutNo: job.payoutNo, outcome: outcome, bankRef: bankRef, reason: reason, now: now)
        let journal =
            outcome == .succeeded
            ? try PayoutJournal.succeeded(job.payoutNo, job.amount, now)
            : try PayoutJournal.failed(job.payoutNo, job.merchantNo, job.amount, now)
        let event = PayoutCompleted(
            envelope: Envelope(
                eventID: .make(at: now), eventType: "payout.completed", occurredAt: now),
            payoutNo: job.payoutNo, status: outcome, bankRef: bankRef, amountFen: job.amount,
            reason: reason, completedAt: EventTime(now))
        try await outbox.run { transaction in
            guard try await transaction.run(completed).first != nil else { return [] }
            _ = try await transaction.run(journal)
            return [try OutgoingEvent(event)]
        }
    }
}
