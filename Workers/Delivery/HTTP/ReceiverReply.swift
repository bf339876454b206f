/// A whole response.
struct ReceiverReply: Sendable, Equatable {
    let status: Int
    let body: [UInt8]
}
