/// Who gets what of a merchant's fee.
///
/// Every level's fee is rounded, and a level gets the difference to the one below it, so
/// `merchantFee = channelFee + shares` always, to the fen.
public struct FeeSplit: Sendable, Hashable {
    /// What the merchant pays.
    public let merchantFee: Money
    /// What the channel keeps.
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

    /// What one refund takes back: the split of all refunds after it, less that of those before.
    ///
    /// The pieces of a full refund add up to exactly the split of the whole. One piece's share may
    /// be off by a fen either way, below zero too; its merchant's and channel's fees never are
    /// negative.
    /// - Parameters:
    ///   - amount: the payment.
    ///   - refundedBefore: all of it that was refunded before this refund.
    ///   - refundedAfter: the same, with this refund.
    public static func reversal(
        of amount: Money, refundedBefore: Money, refundedAfter: Money, rates: [Rate]
    ) throws(FeeSplitError) -> FeeSplit {
        guard refundedBefore <= refundedAfter, refundedAfter <= amount else {
            throw .refundsOutOfOrder(
                amount: amount, before: refundedBefore, after: refundedAfter)
        }
        return try of(refundedAfter, rates: rates).minus(of(refundedBefore, rates: rates))
    }

    /// The parts of this split less those of another of the same chain.
    ///
    /// Where one has fewer levels, the missing ones count as zero.
    public func minus(_ other: FeeSplit) -> FeeSplit { combined(with: other, by: -) }

    /// The parts of this split and of another of the same chain together.
    ///
    /// Where one has fewer levels, the missing ones count as zero.
    public func plus(_ other: FeeSplit) -> FeeSplit { combined(with: other, by: +) }

    private func combined(
        with other: FeeSplit, by operation: (Money, Money) -> Money
    ) -> FeeSplit {
        let levels = 0..<max(shares.count, other.shares.count)
        return FeeSplit(
            merchantFee: operation(merchantFee, other.merchantFee),
            channelFee: operation(channelFee, other.channelFee),
            shares: levels.map { operation(share($0), other.share($0)) })
    }

    private func share(_ level: Int) -> Money {
        shares.indices.contains(level) ? shares[level] : .zero
    }
}

/// Why a fee can't be split.
public enum FeeSplitError: Error, Equatable, CustomStringConvertible {
    /// A payment or a sum of refunds below zero.
    case negativeAmount(Money)
    /// Fewer than the channel's and the merchant's rate.
    case tooFewRates(Int)
    /// A rate below the one before it; `level` is that of the party that would lose.
    case ratesFall(level: Int, upper: Rate, lower: Rate)
    /// Refunds that shrink, or are more than the payment.
    case refundsOutOfOrder(amount: Money, before: Money, after: Money)

    /// What is wrong, with the numbers.
    public var description: String {
        switch self {
        case .negativeAmount(let amount):
            "\(amount) has no fee split; give an amount of zero or more"
        case .tooFewRates(let count):
            "a fee split needs the channel's and the merchant's rate; \(count) given"
        case .ratesFall(let level, let upper, let lower):
            "rates fall down the chain: \(lower) stands below \(upper), so level \(level) "
                + "would lose money; correct the rates"
        case .refundsOutOfOrder(let amount, let before, let after):
            "refunds of \(after) after \(before) don't fit a payment of \(amount)"
        }
    }
}
