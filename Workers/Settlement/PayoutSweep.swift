public import Channels
import Events
public import Payments
public import Postgres
public import Store
public import WorkerRuntime

/// Pays out through the bank, and queries what became of a payout whose reply was lost or isn't
/// final: always under the payout's own number.
public struct PayoutSweep: Sweep {
    public let name = "payouts"
    public let concurrency = 4

    private let attempt: PayoutAttempt
    private let outbox: TransactionalOutbox
    private let clock: any BusinessClock

    /// - Parameters:
    ///   - sealer: opens the payees' names and card numbers.
    ///   - outbox: stores outcomes with their events.
    public init(
        bank: any BankChannel, sealer: Sealer, outbox: TransactionalOutbox,
        clock: any BusinessClock
    ) {
        attempt = PayoutAttempt(bank: bank, sealer: sealer)
        self.outbox = outbox
        self.clock = clock
    }

    public func claim(
        limit: Int, now: Timestamp, on connection: PostgresConnection
    ) async throws -> [ClaimPayouts.Row] {
        try await connection.run(ClaimPayouts(limit: limit, now: now))
    }

    public func perform(_ job: ClaimPayouts.Row) async throws {
        let now = clock.now()
        switch try await attempt.run(job) {
        case .postpone(let isTaken, let bankRef, let reason):
            let postponed = PostponePayout(
                payoutNo: job.payoutNo, attempt: job.attempt,
                status: isTaken ? "processing" : "requested", bankRef: bankRef,
                reason: String(reason.prefix(300)),
                nextAt: PayoutSchedule.next(after: job.attempt, at: now))
            try await outbox.run { transaction in
                _ = try await transaction.run(postponed)
                return []
            }
        case .complete(let outcome, let bankRef, let reason):
            try await complete(PayoutCompletion(job, outcome, bankRef, reason, at: now))
        }
    }

    // State, journal and event in one transaction; nothing where the payout was final before.
    private func complete(_ completion: PayoutCompletion) async throws {
        let journal = try completion.journal()
        let event = completion.event()
        let update = completion.update
        try await outbox.run { transaction in
            guard try await transaction.run(update).first != nil else { return [] }
            _ = try await transaction.run(journal)
            return [try OutgoingEvent(event)]
        }
    }
}

/// When a payout that isn't final is queried next.
enum PayoutSchedule {
    static func next(after attempt: Int32, at now: Timestamp) -> Timestamp {
        let wait = RetrySchedule.inquiry.next(afterAttempt: Int(attempt)) ?? .seconds(3_600)
        return now.adding(wait)
    }
}
