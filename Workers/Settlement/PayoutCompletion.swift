import Events
import Payments
import Store

/// A payout's end: its new state, its journal and its event, made from the same values.
struct PayoutCompletion {
    private let job: ClaimPayouts.Row
    private let outcome: PayoutOutcome
    private let bankRef: String?
    private let reason: String?
    private let now: Timestamp

    /// - Parameter reason: why it failed.
    init(
        _ job: ClaimPayouts.Row, _ outcome: PayoutOutcome, _ bankRef: String?, _ reason: String?,
        at now: Timestamp
    ) {
        self.job = job
        self.outcome = outcome
        self.bankRef = bankRef
        self.reason = reason.map { String($0.prefix(300)) }
        self.now = now
    }

    var update: CompletePayout {
        CompletePayout(
            payoutNo: job.payoutNo, attempt: job.attempt, outcome: outcome, bankRef: bankRef,
            reason: reason, now: now)
    }

    func journal() throws(JournalError) -> PostJournal {
        let journal =
            switch outcome {
            case .succeeded: try PayoutJournal.succeeded(job.payoutNo, job.amount)
            case .failed: try PayoutJournal.failed(job.payoutNo, job.merchantNo, job.amount)
            }
        return PostJournal(journal, now: now)
    }

    func event() -> PayoutCompleted {
        PayoutCompleted(
            envelope: PayoutCompleted.envelope(at: now), payoutNo: job.payoutNo, status: outcome,
            bankRef: bankRef, amountFen: job.amount,
            reason: reason, completedAt: EventTime(now))
    }
}
