/// An account of the ledger: its kind and, for a payable, the party.
public enum Account: Sendable, Hashable {
    /// Money that the channel owes the platform; debit balance.
    case channelReceivable
    /// Money owed to a merchant; credit balance.
    case merchantPayable(partyNo: String)
    /// An agent's shares; credit balance.
    case agentPayable(partyNo: String)
    /// The platform's own shares; credit balance.
    case platformRevenue
    /// Payouts that the bank hasn't finally answered; credit balance.
    case payoutInTransit
    /// Resolved differences: a gain has a credit balance, a loss a debit balance.
    case reconciliationDifference
    /// The platform's account at the bank.
    case bank

    /// The account that `accounts` holds under a kind and a party; `nil` where a payable has no
    /// party or another kind has one.
    public init?(_ kind: AccountKind, partyNo: String?) {
        switch (kind, partyNo) {
        case (.channelReceivable, nil): self = .channelReceivable
        case (.merchantPayable, let partyNo?): self = .merchantPayable(partyNo: partyNo)
        case (.agentPayable, let partyNo?): self = .agentPayable(partyNo: partyNo)
        case (.platformRevenue, nil): self = .platformRevenue
        case (.payoutInTransit, nil): self = .payoutInTransit
        case (.reconciliationDifference, nil): self = .reconciliationDifference
        case (.bank, nil): self = .bank
        default: return nil
        }
    }

    /// The account's kind.
    public var kind: AccountKind {
        switch self {
        case .channelReceivable: .channelReceivable
        case .merchantPayable: .merchantPayable
        case .agentPayable: .agentPayable
        case .platformRevenue: .platformRevenue
        case .payoutInTransit: .payoutInTransit
        case .reconciliationDifference: .reconciliationDifference
        case .bank: .bank
        }
    }

    /// The party number of a payable; `nil` for other kinds.
    public var partyNo: String? {
        switch self {
        case .merchantPayable(let partyNo), .agentPayable(let partyNo): partyNo
        case .channelReceivable, .platformRevenue, .payoutInTransit, .reconciliationDifference,
            .bank:
            nil
        }
    }

    /// The account's key: `kind` or `kind:party_no`.
    public var name: String {
        partyNo.map { "\(kind.rawValue):\($0)" } ?? kind.rawValue
    }
}
