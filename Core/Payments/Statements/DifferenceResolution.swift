/// How a person may end a difference, and what that books: pure.
///
/// The ledger's claim on the channel follows the platform's own amounts. A resolution moves it to
/// what the statement says, against the account of reconciliation differences, or leaves it.
public struct DifferenceResolution: Sendable, Equatable {
    /// What becomes of the money.
    public enum Action: String, Sendable, CaseIterable {
        /// The statement's line is that of our order or refund: it is settled with our amount, and
        /// the claim on the channel becomes the line's.
        case accept
        /// The platform bears the loss, or keeps the gain: the claim becomes the line's, or nothing
        /// where there is no line.
        case writeOff = "write_off"
        /// Nothing is booked: the channel corrects its side, or the line isn't ours.
        case dismiss
    }

    /// Why, in the words of a report.
    public enum Reason: String, Sendable, CaseIterable {
        /// The channel's statement is wrong, as the channel has confirmed.
        case channelError = "channel_error"
        /// The platform's record is wrong.
        case ourError = "our_error"
        /// The line belongs to another system of the same account.
        case notOurs = "not_ours"
        /// The amounts differ by rounding.
        case rounding
        /// Something else: a comment is required.
        case other
    }

    /// What becomes of the money.
    public let action: Action
    /// What the claim on the channel changes by; zero where nothing is booked.
    public let adjustment: Money
    /// How much is decided on, never below zero: over the limit a second person approves.
    public let stake: Money

    /// - Throws: ``DifferenceRefusal`` where the action doesn't fit the difference.
    public init(
        _ action: Action, of difference: UnresolvedDifference
    ) throws(DifferenceRefusal) {
        self.action = action
        stake = difference.stake
        switch action {
        case .dismiss:
            adjustment = .zero
        case .accept:
            try difference.checkAcceptable()
            adjustment = difference.channelNet - difference.platformNet
        case .writeOff:
            try difference.checkWritable()
            // Of a repeated line, what is settled belongs to the line before it.
            adjustment =
                difference.kind == .platformOnly ? -difference.platformNet : difference.channelNet
        }
    }

    /// The journal of the adjustment; `nil` where nothing is booked.
    /// - Parameter differenceID: its reference.
    public func journal(differenceID: Int64) throws(JournalError) -> Journal? {
        guard adjustment != .zero else { return nil }
        return try Journal(
            .differenceResolved, reference: String(differenceID),
            [
                .init(.channelReceivable, adjustment),
                .init(.reconciliationDifference, -adjustment),
            ])
    }
}
