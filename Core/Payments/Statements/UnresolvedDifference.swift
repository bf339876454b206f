/// A difference as a person decides on it, with the present state of its order or refund.
public struct UnresolvedDifference: Sendable, Equatable {
    /// How the sides differ.
    public let kind: DifferenceKind
    /// Whether it is about a refund: its amounts lower the claim on the channel.
    public let isRefund: Bool
    /// Our amount; `nil` where there is nothing here.
    public let platformAmount: Money?
    /// The fee by the contract.
    public let platformFee: Money?
    /// The statement's amount; `nil` where it has no line.
    public let channelAmount: Money?
    /// The fee of the statement's line.
    public let channelFee: Money?
    /// Whether the order is paid, or the refund has succeeded, here.
    public let isEffective: Bool
    /// Whether a statement's line is matched with it.
    public let isMatched: Bool
    /// Whether it is in a settlement.
    public let isSettled: Bool

    /// - Parameters:
    ///   - platformAmount: `nil` where there is nothing here.
    ///   - channelAmount: `nil` where the statement has no line.
    public init(
        kind: DifferenceKind, isRefund: Bool, platformAmount: Money?, platformFee: Money?,
        channelAmount: Money?, channelFee: Money?, isEffective: Bool, isMatched: Bool,
        isSettled: Bool
    ) {
        self.kind = kind
        self.isRefund = isRefund
        self.platformAmount = platformAmount
        self.platformFee = platformFee
        self.channelAmount = channelAmount
        self.channelFee = channelFee
        self.isEffective = isEffective
        self.isMatched = isMatched
        self.isSettled = isSettled
    }

    /// What the channel owes by our record: the amount less its fee, below zero for a refund.
    var platformNet: Money { net(platformAmount, platformFee) }

    /// What the channel owes by its own line.
    var channelNet: Money { net(channelAmount, channelFee) }

    /// What is in doubt: all of a line that has no match here, also where the order or the refund
    /// is known and hasn't taken effect.
    var stake: Money {
        let doubt =
            switch kind {
            case .duplicate, .channelOnly, .statusMismatch: channelNet
            case .platformOnly, .amountMismatch, .feeMismatch: channelNet - platformNet
            }
        return doubt < .zero ? -doubt : doubt
    }

    /// The actions that fit.
    public var actions: [DifferenceResolution.Action] {
        DifferenceResolution.Action.allCases.filter {
            (try? DifferenceResolution($0, of: self)) != nil
        }
    }

    func checkAcceptable() throws(DifferenceRefusal) {
        switch kind {
        case .amountMismatch:
            guard isEffective, !isMatched else { throw .notOpenHere(kind) }
        case .feeMismatch: return
        case .platformOnly, .channelOnly, .statusMismatch, .duplicate: throw .nothingToAccept(kind)
        }
    }

    func checkWritable() throws(DifferenceRefusal) {
        switch kind {
        case .channelOnly, .statusMismatch:
            // Then the next reconciliation matches it with the line.
            guard !isEffective else { throw .becomesMatched }
        case .duplicate: return
        case .platformOnly:
            guard isSettled else { throw .notSettled }
        case .amountMismatch, .feeMismatch: throw .acceptInstead(kind)
        }
    }

    private func net(_ amount: Money?, _ fee: Money?) -> Money {
        let net = (amount ?? .zero) - (fee ?? .zero)
        return isRefund ? -net : net
    }
}
