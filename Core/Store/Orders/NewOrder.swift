public import Events
public import Payments

/// An accepted order before it is stored. A class, so that passing it on copies one reference.
public final class NewOrder: Sendable {
    /// The platform's order number.
    public let orderNo: String
    /// The merchant's request.
    public let request: OrderRequest
    /// SHA-256 of the request's business content.
    public let contentDigest: [UInt8]
    /// The channel account and the chain in force.
    public let route: OrderRoute
    /// The fees of the whole amount along the chain.
    public let split: FeeSplit
    /// `event_id` of the submission.
    public let submissionID: EventID
    /// `event_id` of `order.accepted`.
    public let eventID: EventID
    /// The order's W3C `traceparent`; `nil` where it has none.
    public let traceparent: String?
    /// When it was accepted.
    public let acceptedAt: Timestamp
    /// Until when it can be paid.
    public let expiresAt: Timestamp
    /// When its first inquiry is due.
    public let firstInquiryAt: Timestamp

    /// An order of these parts.
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
