/// An agent of a chain with its rate.
public struct PartyLevel: Sendable, Hashable {
    /// The agent's party number.
    public let partyNo: String
    /// The rate that the level above charges the agent.
    public let rate: Rate

    /// An agent at its rate.
    public init(partyNo: String, rate: Rate) {
        self.partyNo = partyNo
        self.rate = rate
    }
}
