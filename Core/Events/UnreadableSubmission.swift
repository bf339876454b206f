/// A submission whose order can't be read, with what is needed to refuse it: who sent it learns
/// why, and the record isn't poison.
public struct UnreadableSubmission: JSONReadable, Sendable {
    /// The submission's `event_id`.
    public let eventID: EventID
    /// The order number as sent; empty where there is none. It may hold anything.
    public let orderNo: String
    /// The merchant's number as sent; empty where there is none. It may hold anything.
    public let merchantNo: String
    /// The merchant's order number as sent; empty where there is none. It may hold anything.
    public let merchantOrderNo: String

    /// Decodes what identifies a submission: `event_id`, `event_type`, `schema_version` and an
    /// object as `order`.
    /// - Throws: where one of these is missing or wrong: then the record is no submission at all.
    public init(reading cursor: inout JSONCursor) throws {
        guard try cursor.kind() == .object else {
            throw JSONCursor.mismatch("the record", "must be an object")
        }
        var (eventID, eventType, version) = (EventID?.none, String?.none, Int64?.none)
        var orderNo = ""
        var order: (merchantNo: String, merchantOrderNo: String)?
        try cursor.object { name, cursor in
            switch name {
            case "event_id": eventID = try cursor.eventID(of: name)
            case "event_type": eventType = try cursor.text(of: name)
            case "schema_version": version = try cursor.integer()
            case "order_no": orderNo = try Self.textOrNothing(&cursor)
            case "order": order = try Self.numbers(&cursor)
            default: try cursor.skip()
            }
        }
        guard let eventID else { throw JSONCursor.missing("event_id") }
        guard eventType == OrderSubmitted.eventType else { throw JSONCursor.missing("event_type") }
        guard version == 1 else { throw JSONCursor.missing("schema_version") }
        guard let order else { throw JSONCursor.missing("order") }
        self.eventID = eventID
        self.orderNo = orderNo
        merchantNo = order.merchantNo
        merchantOrderNo = order.merchantOrderNo
    }

    private static func numbers(
        _ cursor: inout JSONCursor
    ) throws -> (merchantNo: String, merchantOrderNo: String) {
        guard try cursor.kind() == .object else {
            throw JSONCursor.mismatch("order", "must be an object")
        }
        var numbers = (merchantNo: "", merchantOrderNo: "")
        try cursor.object { name, cursor in
            switch name {
            case "merchant_no": numbers.merchantNo = try textOrNothing(&cursor)
            case "merchant_order_no": numbers.merchantOrderNo = try textOrNothing(&cursor)
            default: try cursor.skip()
            }
        }
        return numbers
    }

    private static func textOrNothing(_ cursor: inout JSONCursor) throws -> String {
        guard try cursor.kind() == .string else {
            try cursor.skip()
            return ""
        }
        return try cursor.string()
    }
}
