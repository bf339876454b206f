/// Why there is no whole response.
enum ExchangeFailure: Error, Equatable, CustomStringConvertible {
    /// There was no connection: nothing was sent.
    case notConnected(String)
    /// The connection ended; before a byte of the response, or within it.
    case closed(hasBegun: Bool)
    /// The body is longer than an acknowledgement can be.
    case bodyTooLong(status: Int)
    /// So many bytes came that it can't be an acknowledgement.
    case responseTooLong

    var description: String {
        switch self {
        case .notConnected(let reason): "can't connect: \(reason)"
        case .closed(hasBegun: false): "the connection was closed before a response"
        case .closed(hasBegun: true): "the connection was closed within the response"
        case .bodyTooLong(let status):
            "the response \(status) has more than \(ExchangeHandler.bodyLimit) bytes"
        case .responseTooLong: "the response has more than \(ByteLimit.limit) bytes"
        }
    }
}
