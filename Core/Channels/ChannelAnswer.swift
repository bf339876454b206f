/// A channel's answer whose signature was verified.
public struct ChannelAnswer: Sendable, Hashable {
    /// The call, by the channel's name for it.
    public let method: String
    /// The body as it was received: the bytes that the channel signed.
    public let rawBody: [UInt8]
    /// What the answer means for the call.
    public let outcome: ChannelOutcome
    /// The channel's own result code, for timelines and logs; decides nothing outside the channel.
    public let code: String

    /// An answer as the channel's adapter has classified it.
    public init(method: String, rawBody: [UInt8], outcome: ChannelOutcome, code: String) {
        self.method = method
        self.rawBody = rawBody
        self.outcome = outcome
        self.code = code
    }
}

/// What a verified answer means for the call. An unknown outcome is thrown as
/// `ChannelError.unknownOutcome`, never returned.
public enum ChannelOutcome: Sendable, Hashable {
    /// The call took effect, or the query was answered.
    case done
    /// The call was accepted; the answer doesn't prove that money moved. Query it later.
    case pending
    /// Not done, as far as the channel documents, and the same call may succeed later, for example
    /// once the balance suffices.
    case refusedForNow(ChannelRefusal)
    /// Nothing was done, and the same call will never succeed.
    case refused(ChannelRefusal)
}

/// A refusal in the channel's words.
public struct ChannelRefusal: Sendable, Hashable, CustomStringConvertible {
    /// The channel's code.
    public let code: String
    /// For people; the channel may change the text.
    public let message: String

    /// A refusal by its parts.
    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }

    /// `code: message`
    public var description: String { "\(code): \(message)" }
}
