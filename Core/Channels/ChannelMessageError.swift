/// Why a channel's message is not accepted.
public enum ChannelMessageError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The signature isn't the channel's over these bytes.
    case badSignature
    /// There is no signature.
    case unsigned
    /// The message is signed with a key that isn't configured; the text names it.
    case unknownKey(String)
    /// The message is signed, and is about another order or refund than the call was.
    case wrongSubject(String)
    /// The message is signed, and doesn't name the app that it is for.
    case wrongApp
    /// The message is not of this kind, or a value in it can't be read.
    case malformed(String)

    /// A code for tables and alerts.
    public var reason: String {
        switch self {
        case .badSignature: "bad_signature"
        case .unsigned: "unsigned"
        case .unknownKey: "unknown_key"
        case .wrongSubject: "wrong_subject"
        case .wrongApp: "wrong_app"
        case .malformed: "malformed"
        }
    }

    /// What is wrong, and what to check.
    public var description: String {
        switch self {
        case .badSignature:
            "the signature is not the channel's over this message; if it came from the channel, "
                + "check the configured public key"
        case .unsigned: "the message has no signature, so it proves nothing"
        case .unknownKey(let name):
            "the message names \(name), which isn't configured; download the channel's present "
                + "certificate and add it to the configured ones"
        case .wrongSubject(let what): "the message is about \(what)"
        case .wrongApp: "the message doesn't name the app that it is for"
        case .malformed(let what): "the message can't be read: \(what)"
        }
    }
}
