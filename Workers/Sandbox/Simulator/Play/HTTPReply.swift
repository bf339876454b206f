import Foundation

/// An HTTP answer, read whole.
struct HTTPReply: Sendable {
    let status: Int
    let body: [UInt8]

    /// The order in it, where it is one.
    var order: OrderReply? { try? JSONDecoder().decode(OrderReply.self, from: Data(body)) }
}
