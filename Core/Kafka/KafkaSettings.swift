/// How to reach a cluster.
public struct KafkaSettings: Sendable {
    /// Addresses to begin with: `host:port`, separated by commas.
    public var brokers: String
    /// Passed on to librdkafka by its own names, e.g. `security.protocol`, `sasl.username`. What
    /// this library's promises rest on (acknowledgements, offsets, assignor) can't be changed here.
    public var options: [String: String]
    /// What the brokers' logs and quotas know this process by.
    public var clientID: String

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
    /// Where, and as whom; the options may hold secrets, so only their names are told.
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
