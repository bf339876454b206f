/// How the platform's records and a statement differ.
public enum DifferenceKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// The platform has a payment or a refund, the statement has not.
    case platformOnly = "platform_only"
    /// The statement has a payment or a refund, the platform has not, or has it unpaid.
    case channelOnly = "channel_only"
    /// Both have it, with different amounts.
    case amountMismatch = "amount_mismatch"
    /// Both have it, in states that exclude each other.
    case statusMismatch = "status_mismatch"
    /// Both have it; the channel's fee is not that of the contract.
    case feeMismatch = "fee_mismatch"
    /// The statement has it more than once.
    case duplicate
}
