public import Payments

/// A channel at which a payer's agreement lets the platform collect without the payer's action.
public protocol AgreementChannel: Sendable {
    /// Queries the state of an agreement.
    /// - Throws: `unknownOutcome` also for an answer that doesn't name this agreement.
    func agreement(
        _ agreementNo: String, now: Timestamp
    ) async throws(ChannelError) -> AgreementState

    /// Ends an agreement. The channel ends one at any time: whether an order in progress stands in
    /// the way is decided before the call. The payer may also end it, at any moment.
    ///
    /// The answer to it names no agreement, so that success is `pending`: query the agreement.
    func endAgreement(
        _ agreementNo: String, now: Timestamp
    ) async throws(ChannelError) -> ChannelAnswer
}

/// The state of a payer's agreement at the channel.
public enum AgreementState: String, Sendable, Hashable, CaseIterable {
    /// The payer hasn't completed it.
    case pending
    /// It is in force.
    case active
    /// It was ended, by either side.
    case ended
    /// The channel has no such agreement.
    case notFound = "not_found"
}
