public import Payments

/// Why nothing was entered or decided; nothing is changed.
public enum ApplicationRefusal: Error, Equatable, CustomStringConvertible {
    /// There is no such application, or not for this user.
    case unknown(String)
    /// Fields are wrong.
    case fields([FieldProblem])
    /// Nobody can be below this party, or not by this user.
    case parent(String, String)
    /// Where it stands now, this can't be done.
    case notNow(String, ApplicationStatus)
    /// The decision isn't about the newest version.
    case version(String, newest: Int32)
    /// The user entered it, so another one must decide.
    case own(String)
    /// A refusal needs a reason.
    case reasonMissing

    /// What is wrong and what to do.
    public var description: String {
        switch self {
        case .unknown(let no): "there is no application \(no)"
        case .fields(let problems):
            problems.map(\.description).joined(separator: "\n")
        case .parent(let no, let why): "nobody can be entered below \(no): \(why)"
        case .notNow(let no, let status):
            switch status {
            case .checking: "\(no) is being checked against the channel's blacklist: wait for it"
            case .inReview: "\(no) waits for a reviewer's decision"
            case .onboarding: "\(no) is approved, and the channel is registering it"
            case .active: "\(no) is active: it was approved before"
            case .refused: "\(no) is refused: enter a corrected version"
            }
        case .version(let no, let newest):
            "the newest version of \(no) is \(newest): look at it, and decide on that one"
        case .own(let no): "you entered \(no): another person must decide on it"
        case .reasonMissing:
            "a refusal needs a reason, of at most 1,000 characters without control characters"
        }
    }
}
