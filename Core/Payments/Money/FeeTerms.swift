/// A contract's fee on one transaction: a rate, a least and a greatest fee (protocol §6.1, §6.2).
public struct FeeTerms: Sendable, Hashable {
    /// The rate.
    public let rate: Rate
    /// The least fee of a transaction; zero where there is none.
    public let minimum: Money
    /// The greatest fee of a transaction (封顶), if there is one.
    public let maximum: Money?
    /// What becomes of a part of a fen.
    public let rounding: FeeRounding

    /// A contract's terms.
    public init(
        rate: Rate, minimum: Money = .zero, maximum: Money? = nil,
        rounding: FeeRounding = .halfUp
    ) {
        self.rate = rate
        self.minimum = minimum
        self.maximum = maximum
        self.rounding = rounding
    }

    /// The fee: rounded, then held between least and greatest, and never above the amount.
    ///
    /// The fee on a negative amount is that on the positive one, negated.
    public func fee(on amount: Money) -> Money {
        if amount < .zero { return -fee(on: -amount) }
        var fee = max(rounding.fee(on: amount, ppm: rate.ppm), minimum)
        if let maximum { fee = min(fee, maximum) }
        return min(fee, amount)
    }
}
