/// A merchant's fee, split among the channel and the levels of the chain.
///
/// Each level's fee is rounded, and a level's share is the difference to the fee above it, so that
/// `merchantFee = channelFee + sum of shares` holds exactly.
public struct FeeSplit: Sendable, Hashable {
    /// The merchant's fee.
    public let merchantFee: Money
    /// The channel's fee.
    public let channelFee: Money
    /// Each level's share: level 0 is the platform, then the agents from top to nearest.
    public let shares: [Money]

    /// The platform's share.
    public var platformShare: Money { shares.first ?? .zero }
    /// All agents' shares together.
    public var agentShare: Money { shares.dropFirst().reduce(.zero, +) }

    /// Splits the fee on an amount. No part is negative.
    /// - Parameter rates: the channel's first, then down the chain to the merchant's: at least two,
    ///   none below the one before it.
    public static func of(_ amount: Money, rates: [Rate]) throws(FeeSplitError) -> FeeSplit {
        guard amount >= .zero else { throw .negativeAmount(amount) }
        guard let channel = rates.first, let merchant = rates.last, rates.count >= 2 else {
            throw .tooFewRates(rates.count)
        }
        for (level, (upper, lower)) in zip(rates, rates.dropFirst()).enumerated()
        where lower < upper {
            throw .ratesFall(level: level, upper: upper, lower: lower)
        }
        let fees = rates.map { $0.fee(on: amount) }
        return FeeSplit(
            merchantFee: merchant.fee(on: amount), channelFee: channel.fee(on: amount),
            shares: zip(fees.dropFirst(), fees).map { $0 - $1 })
    }

    /// The difference of two cumulative splits: that of `upper` less that of `lower`.
    ///
    /// A refund reverses the difference between the totals refunded before and after it; an order
    /// keeps the difference between its amount and the total refunded. So the differences add up to
    /// the split of the whole payment exactly, however many refunds it has. By rounding, a level's
    /// share in one difference may be a fen more or less than the rate says, and even below zero;
    /// the merchant's and the channel's fees are never negative.
    public static func between(
        _ lower: Money, _ upper: Money, rates: [Rate]
    ) throws(FeeSplitError) -> FeeSplit {
        guard lower <= upper else { throw .upperBelowLower(lower: lower, upper: upper) }
        let (whole, rest) = (try of(upper, rates: rates), try of(lower, rates: rates))
        return FeeSplit(
            merchantFee: whole.merchantFee - rest.merchantFee,
            channelFee: whole.channelFee - rest.channelFee,
            shares: zip(whole.shares, rest.shares).map { $0 - $1 })
    }
}

/// Why a fee can't be split.
public enum FeeSplitError: Error, Equatable, CustomStringConvertible {
    /// An amount below zero.
    case negativeAmount(Money)
    /// Fewer rates than the channel's and the merchant's.
    case tooFewRates(Int)
    /// A rate below the one before it; `level` is that of the party that would lose money.
    case ratesFall(level: Int, upper: Rate, lower: Rate)
    /// A part that ends before it begins.
    case upperBelowLower(lower: Money, upper: Money)

    /// What is wrong, with the numbers.
    public var description: String {
        switch self {
        case .negativeAmount(let amount):
            "\(amount) has no fee split; the amount must be zero or more"
        case .tooFewRates(let count):
            "a fee split needs the channel's and the merchant's rate, not \(count) rates"
        case .ratesFall(let level, let upper, let lower):
            "rates fall down the chain: \(lower) comes after \(upper), so level \(level) "
                + "would lose money; correct the rates"
        case .upperBelowLower(let lower, let upper):
            "a part of a payment can't end at \(upper), before its start at \(lower)"
        }
    }
}
