import Foundation

/// An HTTP response whose body was read whole.
struct HTTPReply: Sendable {
    let status: Int
    let body: [UInt8]

    /// The body as an order; `nil` where it isn't one.
    var order: OrderReply? { try? JSONDecoder().decode(OrderReply.self, from: Data(body)) }
}
