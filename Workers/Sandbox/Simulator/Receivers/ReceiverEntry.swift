/// An event as a party's system knows it: a line of `deliveries.jsonl`.
public struct ReceiverEntry: Sendable, Equatable, Codable {
    /// The receiver: an agent or a merchant.
    public let partyNo: String
    /// `Tally-Delivery-Id` of the first attempt.
    public let deliveryID: String
    /// The event's id.
    public let eventID: String
    /// For example `order.paid`.
    public let event: String
    /// The platform's number of the order.
    public let orderNo: String
    /// The merchant's number of the order.
    public let merchantOrderNo: String
    /// The order's amount in the last verified attempt.
    public internal(set) var amountFen: Int64 = 0
    /// What was refunded of it, in the last verified attempt.
    public internal(set) var refundedFen: Int64 = 0
    /// The order's status in the last verified attempt.
    public internal(set) var status = ""
    /// How many times it was delivered.
    public internal(set) var attempts = 0
    /// How many of the attempts came after it was acknowledged.
    public internal(set) var repeats = 0
    /// Whether every attempt carried the right signature.
    public internal(set) var isVerified = true
    /// Whether it was acknowledged.
    public internal(set) var isAcknowledged = false

    enum CodingKeys: String, CodingKey {
        case partyNo = "party_no"
        case deliveryID = "delivery_id"
        case eventID = "event_id"
        case event, status, attempts, repeats
        case orderNo = "order_no"
        case merchantOrderNo = "merchant_order_no"
        case amountFen = "amount_fen"
        case refundedFen = "refunded_fen"
        case isVerified = "verified"
        case isAcknowledged = "acknowledged"
    }

    init(_ delivery: ReceivedDelivery) {
        partyNo = delivery.partyNo
        deliveryID = delivery.deliveryID
        eventID = delivery.eventID
        event = delivery.event
        orderNo = delivery.orderNo
        merchantOrderNo = delivery.merchantOrderNo
    }
}
