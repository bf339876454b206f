public import Sentences

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

extension ReportKind {
    /// What stands above the report, before the party and the days.
    public func title(_ say: Language) -> String {
        switch self {
        case .reconciliation: say("Reconciliation", "对账报告")
        case .settlement: say("Settlement", "结算单")
        case .daily: say("Daily summary", "交易日报")
        case .profitShare: say("Agents' profit share", "代理商分润")
        case .fees: say("Channel fees", "渠道手续费报告")
        case .trialBalance: say("Trial balance", "试算平衡表")
        }
    }
}
