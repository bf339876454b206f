/// The kinds of accounts; the raw value is `accounts.kind`.
public enum AccountKind: String, Sendable, Hashable, CaseIterable {
    /// Money that the channel owes the platform.
    case channelReceivable = "channel_receivable"
    /// Money owed to a merchant.
    case merchantPayable = "merchant_payable"
    /// An agent's shares.
    case agentPayable = "agent_payable"
    /// The platform's own shares.
    case platformRevenue = "platform_revenue"
    /// Payouts that the bank hasn't finally answered.
    case payoutInTransit = "payout_in_transit"
    /// What resolved differences with the channel's statements gave, or cost, the platform.
    case reconciliationDifference = "reconciliation_difference"
    /// The platform's account at the bank.
    case bank
}
