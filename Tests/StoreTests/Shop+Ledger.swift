import Events
import Payments
import Postgres
import Settlement
import Store
import WorkerRuntime

extension Shop {
    /// A settlement's merchant and net.
    struct SettledNet: Equatable {
        let merchantNo: String
        let net: Money
    }

    /// Runs the settlement worker on a reconciliation; the settlements that it made, by merchant.
    @discardableResult
    func settle(
        _ reconciled: ReconciliationCompleted, at now: Timestamp = noon
    ) async throws -> [SettledNet] {
        let known = try await connection.number("select count(*) from settlements")
        try await connection.transaction { transaction in
            _ = try await SettlementWorker().apply([reconciled], in: transaction, now: now)
        }
        let total = try await connection.number("select count(*) from settlements")
        guard total > known else { return [] }
        var bindings = PostgresBindings()
        bindings.append(reconciled.reconciliationID)
        return try await connection.execute(
            """
            select merchant_no, net_fen from settlements where reconciliation_id = $1
            order by merchant_no
            """, bindings
        ).map { SettledNet(merchantNo: try $0.text(0), net: Money(fen: try $0.int64(1))) }
    }

    /// Every breach that the audit finds.
    func audit(overdueBefore: Timestamp = noon) async throws -> [AuditLedger.Row] {
        try await connection.run(AuditLedger(overdueBefore: overdueBefore))
    }

    /// The balance of an account in fen: debits positive.
    func balance(_ account: Account) async throws -> Int64 {
        var bindings = PostgresBindings()
        bindings.append(account.name)
        return try await connection.execute(
            "select coalesce(sum(amount_fen), 0)::bigint from journal_entries where account = $1",
            bindings)[0].int64(0)
    }
}
