import Foundation
import Payments

/// A merchant's own system that publishes to `orders.submitted` by itself.
enum OwnSystem {
    /// The record of a signed order.
    /// - Parameters:
    ///   - orderNo: as in JSON, escapes too.
    ///   - time: when it says that it received the order.
    static func submission(
        _ request: SignedRequest, orderNo: String, eventID: String = eventID(),
        at time: Timestamp = .now
    ) throws -> [UInt8] {
        let now = time.rfc3339
        let head = [
            #""event_id":"\#(eventID)""#, #""event_type":"order.submitted""#,
            #""schema_version":1"#, #""occurred_at":"\#(now)""#, #""order_no":"\#(orderNo)""#,
            #""received_at":"\#(now)""#,
        ]
        let order = String(decoding: try request.json(), as: UTF8.self)
        return Array("{\(head.joined(separator: ",")),\"order\":\(order)}".utf8)
    }

    /// A UUIDv7.
    static func eventID() -> String {
        let time = String(UInt64(Date().timeIntervalSince1970 * 1_000), radix: 16)
        let head = String(repeating: "0", count: 12 - time.count) + time
        let random = UUID().uuidString.lowercased()
        return "\(head.prefix(8))-\(head.suffix(4))-7\(random.dropFirst(15))"
    }
}
