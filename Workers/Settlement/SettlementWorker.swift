public import Events
public import Kafka
public import Payments
public import Postgres
import Store
public import WorkerRuntime

/// Settles every merchant's matched orders and refunds after a reconciliation: a settlement, its
/// balanced journal, and a payout of the net.
public struct SettlementWorker: Worker {
    public let name = "settlement"
    public let topics = [ReconciliationCompleted.topic]

    public init() {}

    public func prepare(
        _ records: [KafkaRecord]
    ) async -> [Preparation<ReconciliationCompleted>] {
        records.map { record in
            do throws(EventCodecError) {
                return .ready(
                    try EventCodec.decode(ReconciliationCompleted.self, from: record.value))
            } catch {
                return .poison(Poison(reason: error.reason, error: error.detail))
            }
        }
    }

    public func apply(
        _ items: [ReconciliationCompleted], in transaction: PostgresTransaction, now: Timestamp
    ) async throws -> BatchEffect {
        var effect = BatchEffect()
        for reconciliation in items {
            let payouts = try await settle(reconciliation, in: transaction, now: now)
            effect.events += try payouts.map { try OutgoingEvent($0) }
        }
        return effect
    }

    private func settle(
        _ reconciliation: ReconciliationCompleted, in transaction: PostgresTransaction,
        now: Timestamp
    ) async throws -> [PayoutRequested] {
        let settlements = try await transaction.run(
            SettleMatched(
                reconciliationID: reconciliation.reconciliationID, day: reconciliation.date,
                now: now))
        guard !settlements.isEmpty else { return [] }
        let parts = try await transaction.run(SettlementParts(settlements.map(\.settlementID)))
        for (settlementID, entries) in Dictionary(grouping: parts, by: \.settlementID) {
            let journal = try Journal(
                .settlement, reference: settlementID, entries.map(\.entry))
            _ = try await transaction.run(PostJournal(journal, now: now))
        }
        let payouts = PayoutRequests.make(of: settlements, day: reconciliation.date, at: now)
        _ = try await transaction.run(InsertPayouts(payouts, now: now))
        for payout in payouts {
            let journal = try PayoutJournal.requested(
                payout.payoutNo, payout.merchantNo, payout.amountFen)
            _ = try await transaction.run(PostJournal(journal, now: now))
        }
        return payouts
    }
}
