/// Why a call to a channel or a bank has no answer that can be used.
public enum ChannelError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The call may or may not have taken effect: a time-out, a 5xx, a body that can't be read, a
    /// signature that is missing or wrong, the channel's own "unknown". Repeat it with the same
    /// numbers, or query it.
    case unknownOutcome(reason: String)
    /// Too many calls; nothing was done.
    case rateLimited(reason: String)
    /// A definite refusal; nothing was done.
    case refused(code: String, subCode: String?, message: String)
    /// Nothing can be done until keys, contract or settings are corrected.
    case configuration(String)

    /// Whether the same call may succeed later without a change by an operator.
    public var isTransient: Bool {
        switch self {
        case .unknownOutcome, .rateLimited: true
        case .refused, .configuration: false
        }
    }

    /// What happened, and what follows from it.
    public var description: String {
        switch self {
        case .unknownOutcome(let reason):
            "the outcome is unknown: \(reason); query it, or repeat with the same numbers"
        case .rateLimited(let reason): "called too often: \(reason); wait before the next call"
        case .refused(let code, let subCode, let message):
            "refused with \(code)\(subCode.map { " \($0)" } ?? ""): \(message)"
        case .configuration(let reason): reason
        }
    }
}
