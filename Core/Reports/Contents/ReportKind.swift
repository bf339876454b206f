/// The reports that there are.
public enum ReportKind: String, Sendable, CaseIterable {
    /// What doesn't agree between the orders and the channel's statements.
    case reconciliation
    /// What merchants are owed, with the orders and refunds behind it.
    case settlement
    /// Turnover by day and product.
    case daily
    /// What agents earned.
    case profitShare = "profit-share"
    /// The channel's fees, by statement and by contract.
    case fees
    /// The balances of all accounts of the ledger.
    case trialBalance = "trial-balance"
}
