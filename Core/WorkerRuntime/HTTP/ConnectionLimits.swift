/// How many connections an HTTP server holds open, and how long anything may take on one.
public struct ConnectionLimits: Sendable {
    /// Open connections, of the server.
    public var connections: Int
    /// Open connections from one address, unless it is a trusted proxy's.
    public var perAddress: Int
    /// Proxies whose `X-Forwarded-For` is believed.
    public var trustedProxies: [AddressRange]
    /// From a request's first byte to its last.
    public var requestTime: Duration
    /// Without a request, after which a connection is closed. Longer than the minute after which
    /// usual clients close theirs: one that is closed as a request is on its way costs the client
    /// an error.
    public var idleTime: Duration
    /// The longest that the server may need for a response, and its client to read it.
    public var answerTime: Duration

    /// The product's own.
    public init(
        connections: Int = 4_096, perAddress: Int = 1_024, trustedProxies: [AddressRange] = [],
        requestTime: Duration = .seconds(10), idleTime: Duration = .seconds(75),
        answerTime: Duration = .seconds(60)
    ) {
        self.connections = connections
        self.perAddress = perAddress
        self.trustedProxies = trustedProxies
        self.requestTime = requestTime
        self.idleTime = idleTime
        self.answerTime = answerTime
    }
}
