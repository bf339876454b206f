public import Events
public import Payments

/// An order as it is accepted. A class: it is handed from step to step, and read column by column.
public final class NewOrder: Sendable {
    /// The platform's number.
    public let orderNo: String
    /// What the merchant asked for.
    public let request: OrderRequest
    /// SHA-256 of the request's business content.
    public let contentDigest: [UInt8]
    /// Whom the payer pays, and the chain in force.
    public let route: OrderRoute
    /// The fees of the whole amount along the chain.
    public let split: FeeSplit
    /// The event that asked for it.
    public let submissionID: EventID
    /// The event that tells of its acceptance.
    public let eventID: EventID
    /// The trace it belongs to.
    public let traceparent: String?
    /// When it is accepted.
    public let acceptedAt: Timestamp
    /// Until when it can be paid.
    public let expiresAt: Timestamp
    /// When the channel is first asked about it.
    public let firstInquiryAt: Timestamp

    /// An order by its parts.
    public init(
        orderNo: String, request: OrderRequest, contentDigest: [UInt8], route: OrderRoute,
        split: FeeSplit, submissionID: EventID, eventID: EventID, traceparent: String?,
        acceptedAt: Timestamp, expiresAt: Timestamp, firstInquiryAt: Timestamp
    ) {
        self.orderNo = orderNo
        self.request = request
        self.contentDigest = contentDigest
        self.route = route
        self.split = split
        self.submissionID = submissionID
        self.eventID = eventID
        self.traceparent = traceparent
        self.acceptedAt = acceptedAt
        self.expiresAt = expiresAt
        self.firstInquiryAt = firstInquiryAt
    }
}
