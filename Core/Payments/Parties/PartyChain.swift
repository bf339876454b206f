/// The parties between the channel and a merchant, with the rates in force when an order is
/// accepted.
///
/// Rates never fall down the chain: `channel ≤ top agent ≤ … ≤ nearest agent ≤ merchant`. The
/// platform has no rate of its own: it earns between the channel's and the next one's.
public struct PartyChain: Sendable, Hashable {
    /// The rate that the channel charges the platform.
    public let channelRate: Rate
    /// The agents, from the top one to the merchant's direct agent.
    public let levels: [PartyLevel]
    /// The merchant's party number.
    public let merchantNo: String
    /// The merchant's rate.
    public let merchantRate: Rate

    /// A chain whose rates don't fall.
    /// - Parameter levels: the agents, top to nearest; none where the platform serves the merchant.
    /// - Throws: `PartyChainError` with both parties and both rates.
    public init(
        channelRate: Rate, levels: [PartyLevel], merchantNo: String, merchantRate: Rate
    ) throws(PartyChainError) {
        let parties =
            [("the channel", channelRate)]
            + levels.map { ("agent \($0.partyNo)", $0.rate) }
            + [("merchant \(merchantNo)", merchantRate)]
        for ((upper, upperRate), (lower, lowerRate)) in zip(parties, parties.dropFirst())
        where lowerRate < upperRate {
            throw PartyChainError(
                upperParty: upper, upperRate: upperRate, lowerParty: lower,
                lowerRate: lowerRate)
        }
        self.channelRate = channelRate
        self.levels = levels
        self.merchantNo = merchantNo
        self.merchantRate = merchantRate
    }

    /// All rates, from the channel's to the merchant's, as `FeeSplit` takes them.
    public var rates: [Rate] { [channelRate] + levels.map(\.rate) + [merchantRate] }

    /// Splits the fee on a payment: share 0 is the platform's, share k that of `levels[k - 1]`.
    public func split(_ amount: Money) throws(FeeSplitError) -> FeeSplit {
        try FeeSplit.of(amount, rates: rates)
    }
}

/// A chain in which a party would sell below cost.
public struct PartyChainError: Error, Equatable, CustomStringConvertible {
    /// The party above.
    public let upperParty: String
    /// The upper party's rate.
    public let upperRate: Rate
    /// The party below it, whose rate is lower.
    public let lowerParty: String
    /// The lower party's rate.
    public let lowerRate: Rate

    /// Both parties, both rates and the remedy.
    public var description: String {
        "the rate of \(lowerParty), \(lowerRate), is below that of \(upperParty), \(upperRate); "
            + "raise the first or lower the second"
    }
}
