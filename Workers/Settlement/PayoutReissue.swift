public import Events
public import Payments
public import Postgres
import Store

/// Pays a failed payout again: under a new number, so that the bank can't take it for the failed
/// one, linked to it. The failed payout's journal has returned its amount to the merchant's
/// payable; this one takes it from there again.
public struct PayoutReissue: Sendable {
    /// Why a payout isn't paid again; nothing was changed.
    public enum Refusal: Error, Equatable, CustomStringConvertible {
        /// There is no payout of this number.
        case unknown(String)
        /// It hasn't failed: money is on its way, or has arrived.
        case notFailed(String, status: String)
        /// It is paid again by another one already.
        case reissued(String, as: String)

        public var description: String {
            switch self {
            case .unknown(let payoutNo): "there is no payout \(payoutNo)"
            case .notFailed(let payoutNo, "succeeded"):
                "payout \(payoutNo) has succeeded: the merchant has the money"
            case .notFailed(let payoutNo, let status):
                "payout \(payoutNo) is \(status): its outcome isn't known yet, and the settlement "
                    + "role queries it at the bank under its own number"
            case .reissued(let payoutNo, let other):
                "payout \(payoutNo) is paid again as \(other) already"
            }
        }
    }

    /// The failed payout.
    public let payoutNo: String
    let actor: String
    let reason: String
    let now: Timestamp

    /// - Parameters:
    ///   - payoutNo: the failed payout.
    ///   - actor: who pays it again, for the audit log.
    ///   - reason: why; may be empty.
    public init(_ payoutNo: String, actor: String, reason: String, now: Timestamp) {
        self.payoutNo = payoutNo
        self.actor = actor
        self.reason = reason
        self.now = now
    }

    /// Whether it may be paid again, and the payout that would.
    /// - Throws: ``Refusal``.
    public func check(in transaction: PostgresTransaction) async throws -> PayoutRequested {
        guard let failed = try await transaction.run(LockPayout(payoutNo: payoutNo)).first else {
            throw Refusal.unknown(payoutNo)
        }
        if let other = failed.reissuedAs { throw Refusal.reissued(payoutNo, as: other) }
        guard failed.status == "failed" else {
            throw Refusal.notFailed(payoutNo, status: failed.status)
        }
        return PayoutRequested(
            envelope: PayoutRequested.envelope(at: now),
            payoutNo: PayoutNumber.next(after: payoutNo), settlementID: failed.settlementID,
            merchantNo: failed.merchantNo, date: failed.day, amountFen: failed.amount)
    }

    /// Stores the new payout, its journal and the audit log's entry.
    /// - Returns: the new payout, to be published.
    /// - Throws: ``Refusal``.
    public func run(in transaction: PostgresTransaction) async throws -> PayoutRequested {
        let payout = try await check(in: transaction)
        _ = try await transaction.run(
            InsertReissue(
                payout, reissueOf: payoutNo, actor: actor, reason: reason, now: now))
        let journal = try PayoutJournal.requested(
            payout.payoutNo, payout.merchantNo, payout.amountFen)
        _ = try await transaction.run(PostJournal(journal, now: now))
        return payout
    }
}
