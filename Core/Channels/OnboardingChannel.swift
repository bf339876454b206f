public import Payments

/// A channel that registers merchants under the platform's contract.
///
/// Each call can be repeated: a registration is found by the platform's own number of it, and the
/// channel makes one merchant of a number, however often it is sent.
public protocol OnboardingChannel: Sendable {
    /// Queries the channel's blacklist about a company, its legal person and its card.
    /// - Returns: `unclear` also for a refusal of the query: a person decides then.
    func blacklist(
        of form: ApplicationForm, externalNo: String, now: Timestamp
    ) async throws(ChannelError) -> BlacklistAnswer

    /// Uploads the image of a document; returns the channel's number of it.
    func upload(_ image: DocumentImage, now: Timestamp) async throws(ChannelError) -> String

    /// Sends a registration: to be checked only, or to be carried out.
    /// - Parameter images: the channel's numbers of the documents' images.
    /// - Throws: `refused` where the channel says at once that the data is wrong.
    func register(
        _ form: ApplicationForm, images: [DocumentKind: String], externalNo: String,
        phase: RegistrationPhase, now: Timestamp
    ) async throws(ChannelError)

    /// What became of a registration.
    func registration(
        externalNo: String, phase: RegistrationPhase, now: Timestamp
    ) async throws(ChannelError) -> RegistrationState
}

/// A registration is checked before it is carried out.
public enum RegistrationPhase: Sendable, Hashable {
    /// The channel checks the data and makes nothing.
    case consult
    /// The channel makes the merchant.
    case create
}

/// Where a registration stands at the channel.
public enum RegistrationState: Sendable, Equatable {
    /// The channel has none of this number.
    case notFound
    /// The channel's people or systems are at it.
    case auditing
    /// The merchant must confirm it at the channel.
    case waitsForMerchant
    /// Done; with the merchant's number once it was created.
    case done(channelMerchantNo: String?)
    /// The channel refused it.
    case refused(reason: String, fields: [FieldProblem])
}
