/// A fault of one answer to a server call.
public struct AnswerFault: Sendable, Equatable, Codable {
    /// What happens to the answer, and whether the call takes effect.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// `ACQ.SYSTEM_ERROR`; the call has no effect.
        case systemErrorWithoutEffect = "system_error_without_effect"
        /// `ACQ.SYSTEM_ERROR`; the call takes effect.
        case systemError = "system_error"
        /// Code 20000; no effect.
        case serviceUnavailable = "service_unavailable"
        /// Code 40005; no effect.
        case callLimited = "call_limited"
        /// The call takes effect, and the connection ends within the answer.
        case lost
        /// The call takes effect; the answer follows `seconds` later, in real time.
        case slow
        /// The call takes effect; HTTP 502 of a proxy.
        case badGateway = "bad_gateway"
        /// The call takes effect; a page instead of the answer.
        case garbage
        /// The call takes effect; the first half of the answer, as if it were whole.
        case cut
        /// The call takes effect; an answer of 4 MB.
        case huge
        /// The call takes effect; no signature.
        case unsigned
        /// The call takes effect; signed with another key.
        case wrongKey = "wrong_key"
        /// The call takes effect; signed, and about another order.
        case otherOrder = "other_order"
        /// The call takes effect; signed, and names no order.
        case nameless
        /// The call takes effect; signed, in GBK.
        case gbk
    }

    /// What happens.
    public var kind: Kind
    /// The method whose answer it is; `nil` for any.
    public var method: String?
    /// How much later a slow answer comes.
    public var seconds: Int

    /// A fault of the next answer to a method, or to any.
    public init(_ kind: Kind, method: String? = nil, seconds: Int = 0) {
        self.kind = kind
        self.method = method
        self.seconds = seconds
    }

    enum CodingKeys: String, CodingKey {
        case kind, method, seconds
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        kind = try fields.decode(Kind.self, forKey: .kind)
        method = try fields.decodeIfPresent(String.self, forKey: .method)
        seconds = try fields.decodeIfPresent(Int.self, forKey: .seconds) ?? 0
    }

    /// The error of a fault that keeps the call from its effect.
    var errorWithoutEffect: AlipayError? {
        switch kind {
        case .systemErrorWithoutEffect: .systemError
        case .serviceUnavailable: .serviceUnavailable
        case .callLimited: .callLimited
        default: nil
        }
    }
}
