public import WorkerRuntime

/// How much of the gateway one caller may take.
public struct GatewayLimits: Sendable {
    /// Requests a second of one party, with bursts of twice as many; 0 for any number.
    public var partyPerSecond: Int
    /// Requests a second from one address, with bursts of twice as many; 0 for any number. The
    /// channel's notifications aren't counted.
    public var addressPerSecond: Int
    /// Connections, and how long anything may take on one.
    public var connections: ConnectionLimits
    /// Requests that wait for their replies at once; more are answered 429.
    public var waiting: Int
    /// Those of one party.
    public var waitingPerParty: Int

    /// The product's own.
    public init(
        partyPerSecond: Int = 500, addressPerSecond: Int = 2_000,
        connections: ConnectionLimits = ConnectionLimits(), waiting: Int = 5_000,
        waitingPerParty: Int = 1_000
    ) {
        self.partyPerSecond = partyPerSecond
        self.addressPerSecond = addressPerSecond
        self.connections = connections
        self.waiting = waiting
        self.waitingPerParty = waitingPerParty
    }
}
