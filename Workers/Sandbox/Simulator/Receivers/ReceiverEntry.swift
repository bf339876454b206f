/// An event as a party's system knows it.
public struct ReceiverEntry: Sendable, Equatable, Codable {
    /// The party.
    public let partyNo: String
    /// The event's id.
    public let eventID: String
    /// For example `order.paid`.
    public let event: String
    /// The merchant's number of the order.
    public let merchantOrderNo: String
    /// How often it was delivered.
    public internal(set) var attempts: Int
    /// How many of the attempts came after it was acknowledged.
    public internal(set) var repeats: Int
    /// Whether it was acknowledged.
    public internal(set) var isAcknowledged: Bool

    enum CodingKeys: String, CodingKey {
        case partyNo = "party_no"
        case eventID = "event_id"
        case event, attempts, repeats
        case merchantOrderNo = "merchant_order_no"
        case isAcknowledged = "acknowledged"
    }
}
