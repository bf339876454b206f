/// How much of the gateway one caller may take, and how long anything may take.
public struct GatewayLimits: Sendable {
    /// Requests a second of one party, with bursts of twice as many; 0 for any number.
    public var partyPerSecond: Int
    /// Requests a second from one address, with bursts of twice as many; 0 for any number. The
    /// channel's notifications aren't counted.
    public var addressPerSecond: Int
    /// Open connections, of a process.
    public var connections: Int
    /// Open connections from one address, unless it is a trusted proxy's.
    public var connectionsPerAddress: Int
    /// Proxies whose `X-Forwarded-For` is believed.
    public var trustedProxies: [AddressRange]
    /// Requests that wait for their replies at once; more are answered 429.
    public var waiting: Int
    /// Those of one party.
    public var waitingPerParty: Int
    /// From a request's first byte to its last.
    public var requestTime: Duration
    /// Without a request, after which a connection is closed. Longer than the minute after which
    /// usual clients close theirs: one that is closed as a request is on its way costs the client
    /// an error.
    public var idleTime: Duration

    /// The product's own.
    public init(
        partyPerSecond: Int = 500, addressPerSecond: Int = 2_000, connections: Int = 4_096,
        connectionsPerAddress: Int = 1_024, trustedProxies: [AddressRange] = [],
        waiting: Int = 5_000, waitingPerParty: Int = 1_000, requestTime: Duration = .seconds(10),
        idleTime: Duration = .seconds(75)
    ) {
        self.partyPerSecond = partyPerSecond
        self.addressPerSecond = addressPerSecond
        self.connections = connections
        self.connectionsPerAddress = connectionsPerAddress
        self.trustedProxies = trustedProxies
        self.waiting = waiting
        self.waitingPerParty = waitingPerParty
        self.requestTime = requestTime
        self.idleTime = idleTime
    }
}
