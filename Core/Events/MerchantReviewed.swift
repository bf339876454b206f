public import Payments

/// An application for a merchant was decided.
public struct MerchantReviewed: SingleTypeEvent, Codable, Equatable {
    /// `merchants.reviewed`
    public static let topic = "merchants.reviewed"
    /// `merchant.reviewed`
    public static let eventType = "merchant.reviewed"
    /// `event_id`, `event_type`, `schema_version` and `occurred_at`.
    public let envelope: Envelope
    /// The application's number.
    public let applicationNo: String
    /// The party that the merchant is below.
    public let agentNo: String
    /// `approved` or `refused`
    public let status: String
    /// The new merchant's number; when approved.
    public let merchantNo: String?
    /// The number that the channel gave the merchant.
    public let channelMerchantNo: String?
    /// Why it was refused.
    public let reason: String?
    /// When it was decided.
    public let reviewedAt: EventTime

    /// The partition key: application_no.
    public var key: String { applicationNo }

    enum CodingKeys: String, CodingKey {
        case applicationNo = "application_no"
        case agentNo = "agent_no"
        case status
        case merchantNo = "merchant_no"
        case channelMerchantNo = "channel_merchant_no"
        case reason
        case reviewedAt = "reviewed_at"
    }

    /// Decodes the event; the envelope's fields are at the top level, beside its own.
    public init(from decoder: any Decoder) throws {
        envelope = try Envelope(from: decoder)
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        applicationNo = try fields.decode(String.self, forKey: .applicationNo)
        agentNo = try fields.decode(String.self, forKey: .agentNo)
        status = try fields.decode(String.self, forKey: .status)
        merchantNo = try fields.decodeIfPresent(String.self, forKey: .merchantNo)
        channelMerchantNo = try fields.decodeIfPresent(String.self, forKey: .channelMerchantNo)
        reason = try fields.decodeIfPresent(String.self, forKey: .reason)
        reviewedAt = try fields.decode(EventTime.self, forKey: .reviewedAt)
    }

    /// Encodes the event.
    public func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(applicationNo, forKey: .applicationNo)
        try fields.encode(agentNo, forKey: .agentNo)
        try fields.encode(status, forKey: .status)
        try fields.encodeIfPresent(merchantNo, forKey: .merchantNo)
        try fields.encodeIfPresent(channelMerchantNo, forKey: .channelMerchantNo)
        try fields.encodeIfPresent(reason, forKey: .reason)
        try fields.encode(reviewedAt, forKey: .reviewedAt)
    }

    private init(
        applicationNo: String, agentNo: String, status: String, merchantNo: String? = nil,
        channelMerchantNo: String? = nil, reason: String? = nil, at time: Timestamp
    ) {
        envelope = Self.envelope(at: time)
        self.applicationNo = applicationNo
        self.agentNo = agentNo
        self.status = status
        self.merchantNo = merchantNo
        self.channelMerchantNo = channelMerchantNo
        self.reason = reason
        reviewedAt = EventTime(time)
    }

    /// The event of a merchant that is active.
    public static func approved(
        _ applicationNo: String, agentNo: String, merchantNo: String, channelMerchantNo: String,
        at time: Timestamp
    ) -> MerchantReviewed {
        MerchantReviewed(
            applicationNo: applicationNo, agentNo: agentNo, status: "approved",
            merchantNo: merchantNo, channelMerchantNo: channelMerchantNo, at: time)
    }

    /// The event of an application that the blacklist, a reviewer or the channel refused.
    public static func refused(
        _ applicationNo: String, agentNo: String, reason: String, at time: Timestamp
    ) -> MerchantReviewed {
        MerchantReviewed(
            applicationNo: applicationNo, agentNo: agentNo, status: "refused", reason: reason,
            at: time)
    }
}
