import Foundation

/// An HTTP answer, read whole.
struct HTTPAnswer: Sendable {
    let status: Int
    let body: [UInt8]

    /// The order in it, where it is one.
    var order: OrderAnswer? { try? JSONDecoder().decode(OrderAnswer.self, from: Data(body)) }
}
