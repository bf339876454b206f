/// A channel's answer whose signature was verified: a success, or a refusal by its business rules.
public struct ChannelAnswer: Sendable, Hashable {
    /// What was asked, in the channel's words, for example `alipay.trade.query`.
    public let method: String
    /// The body as it was received: what the signature is over.
    public let rawBody: [UInt8]
    /// The channel's result code, for example `10000`.
    public let code: String
    /// The refusal's code, for example `ACQ.TRADE_NOT_EXIST`.
    public let subCode: String?
    /// The refusal in the channel's words; for people, its text changes.
    public let message: String?
    /// Whether the channel did what was asked, which for a refund is no proof that money moved.
    public let isSuccess: Bool

    /// An answer.
    public init(
        method: String, rawBody: [UInt8], code: String, subCode: String? = nil,
        message: String? = nil, isSuccess: Bool
    ) {
        self.method = method
        self.rawBody = rawBody
        self.code = code
        self.subCode = subCode
        self.message = message
        self.isSuccess = isSuccess
    }
}
