/// How requests reach a channel or a bank.
protocol ChannelTransport: Sendable {
    /// Sends a request and reads all of the answer, whatever its status.
    /// - Throws: `unknownOutcome` where no whole answer came: no connection, a time-out, a
    ///   redirect, a body over the request's limit.
    func send(_ request: TransportRequest) async throws(ChannelError) -> TransportAnswer
}

/// A request to a channel or a bank.
struct TransportRequest: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    let method: Method
    let url: String
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// An answer of more bytes than this is refused.
    let answerLimit: Int
    let timeout: Duration
}

/// What came back.
struct TransportAnswer: Sendable {
    /// The HTTP status.
    let status: Int
    let body: [UInt8]
}
