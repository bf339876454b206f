/// How requests reach a channel or a bank.
public protocol ChannelTransport: Sendable {
    /// Sends a request and reads all of the answer, whatever its status.
    /// - Throws: `unknownOutcome` where no whole answer came: no connection, a time-out, a
    ///   redirect, a body over the request's limit.
    func send(_ request: TransportRequest) async throws(ChannelError) -> TransportAnswer
}

/// A request to a channel or a bank.
public struct TransportRequest: Sendable {
    /// The HTTP methods that channels use.
    public enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    public let method: Method
    public let url: String
    public let headers: [(name: String, value: String)]
    public let body: [UInt8]
    /// In bytes; a longer answer is refused.
    public let answerLimit: Int
    /// For the whole exchange, from the connection to the answer's last byte.
    public let timeout: Duration

    /// - Parameters:
    ///   - answerLimit: in bytes; a longer answer is refused.
    ///   - timeout: for the whole exchange.
    public init(
        method: Method, url: String, headers: [(name: String, value: String)] = [],
        body: [UInt8] = [], answerLimit: Int, timeout: Duration
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.answerLimit = answerLimit
        self.timeout = timeout
    }
}

/// An HTTP answer of any status, read whole.
public struct TransportAnswer: Sendable {
    public let status: Int
    public let body: [UInt8]

    /// An answer of an HTTP status.
    public init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }
}
