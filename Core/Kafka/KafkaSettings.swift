/// How to reach a cluster.
public struct KafkaSettings: Sendable {
    /// The first addresses: `host:port`, separated by commas.
    public var brokers: String
    /// Passed on to librdkafka by its own names, e.g. `security.protocol`, `sasl.username`. The
    /// options that this library's guarantees depend on (acknowledgements, offsets, assignor) can't
    /// be changed here.
    public var options: [String: String]
    /// `client.id`: names this process in the brokers' logs and quotas.
    public var clientID: String
    /// The version of librdkafka that every client checks; only tests replace it.
    var libraryVersion = KafkaLibrary.loaded

    /// Settings by their parts.
    public init(
        brokers: String, options: [String: String] = [:], clientID: String = "tallyhouse"
    ) {
        self.brokers = brokers
        self.options = options
        self.clientID = clientID
    }
}

extension KafkaSettings: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Client id, addresses and the options' names; their values may be secrets.
    public var description: String {
        "\(clientID) at \(brokers), options \(options.keys.sorted())"
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Hides the options from `dump` as well.
    public var customMirror: Mirror {
        Mirror(self, children: ["description": description])
    }
}
