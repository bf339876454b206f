/// Where an application stands.
///
/// A merchant's: `checking` → `in_review` → `onboarding` → `active`; an agent's begins with
/// `in_review` and needs no channel. Each may end `refused`, and goes on with a new version.
public enum ApplicationStatus: String, Sendable, Hashable, CaseIterable, Codable {
    /// The channel's blacklist is queried.
    case checking
    /// It waits for a reviewer who didn't enter it.
    case inReview = "in_review"
    /// The channel is registering the merchant.
    case onboarding
    /// The party exists, with its number and its login.
    case active
    /// The blacklist, the reviewer or the channel refused it.
    case refused

    /// Whether the onboarding worker has something to do.
    public var isWorkersTurn: Bool { self == .checking || self == .onboarding }
}

/// What the onboarding worker does next for an application, one call to the channel each.
public enum OnboardingStep: String, Sendable, Hashable, CaseIterable, Codable {
    /// Query the blacklist.
    case blacklist
    /// Upload the images of the documents.
    case images
    /// Have the channel check the data before the merchant is created.
    case consult
    /// Wait for that check's result.
    case consultResult = "consult_result"
    /// Create the merchant at the channel.
    case create
    /// Wait until the channel has opened the merchant.
    case createResult = "create_result"
    /// Create the party, with its rates, card and login, here.
    case activate
}
