import Events
import Payments
import Postgres
import Store

extension Shop {
    /// Settles what is matched, with journals and payouts, as the settlement worker does.
    @discardableResult
    func settle(
        _ reconciled: ReconciliationCompleted, at now: Timestamp = noon
    ) async throws -> [SettleMatched.Row] {
        try await connection.transaction { transaction in
            let made = try await transaction.run(
                SettleMatched(
                    reconciliationID: reconciled.reconciliationID, day: reconciled.date, now: now))
            guard !made.isEmpty else { return [] }
            let parts = try await transaction.run(SettlementParts(made.map(\.settlementID)))
            for (settlementID, entries) in Dictionary(grouping: parts, by: \.settlementID) {
                _ = try await transaction.run(
                    try PostJournal(
                        kind: "settlement", reference: settlementID,
                        entries: entries.map { (Account($0.kind, partyNo: $0.partyNo), $0.amount) },
                        now: now))
            }
            for settlement in made where settlement.net > .zero {
                try await pay(out: settlement, at: now, in: transaction)
            }
            return made
        }
    }

    private func pay(
        out settlement: SettleMatched.Row, at now: Timestamp, in transaction: PostgresTransaction
    ) async throws {
        let payoutNo = "P" + settlement.settlementID.dropFirst()
        _ = try await transaction.run(
            InsertPayouts(
                [
                    PayoutRequested(
                        envelope: Envelope(
                            eventID: .make(at: now), eventType: "payout.requested",
                            occurredAt: now),
                        payoutNo: payoutNo, settlementID: settlement.settlementID,
                        merchantNo: settlement.merchantNo, date: Self.day,
                        amountFen: settlement.net)
                ], now: now))
        _ = try await transaction.run(
            try PostJournal(
                kind: "payout_requested", reference: payoutNo,
                entries: [
                    (Account("merchant_payable", partyNo: settlement.merchantNo), settlement.net),
                    (Account("payout_in_transit"), -settlement.net),
                ], now: now))
    }

    /// Every breach that the audit finds.
    func audit(overdueBefore: Timestamp = noon) async throws -> [AuditLedger.Row] {
        try await connection.run(AuditLedger(overdueBefore: overdueBefore))
    }

    /// What stands in an account: debits positive.
    func balance(_ account: String) async throws -> Int64 {
        var bindings = PostgresBindings()
        bindings.append(account)
        return try await connection.execute(
            "select coalesce(sum(amount_fen), 0)::bigint from journal_entries where account = $1",
            bindings)[0].int64(0)
    }
}
