/// An agent in an order's chain, with the rate in force for it.
public struct PartyLevel: Sendable, Hashable {
    /// The agent's number.
    public let partyNo: String
    /// The agent's cost rate: what the level above it charges.
    public let rate: Rate

    /// An agent at its rate.
    public init(partyNo: String, rate: Rate) {
        self.partyNo = partyNo
        self.rate = rate
    }
}
