public import Kafka
import Payments

/// The simulator's address, files and seed, and the platform it is connected to.
public struct SimulatorConfig: Sendable {
    /// The address it listens on.
    public var host: String
    /// The port it listens on.
    public var port: Int
    /// The address of the platform's gateway, without a slash at the end.
    public var gatewayURL: String
    /// The folder of the keys, `parties.json` and `oracle/`; created if it isn't there.
    public var folder: String
    /// Seeds the parties, the receivers and the bank.
    public var seed: UInt64
    /// Kafka's bootstrap servers, for records that bypass the gateway.
    public var brokers: String
    /// Options passed to the Kafka client: security, SASL, TLS.
    public var kafkaOptions: [String: String]
    /// The channel's fee, in ppm of the amount.
    public var channelRatePPM: Int64
    /// The platform's numbers at the channel.
    public var identity: AlipayIdentity
    /// The secret of `Bank-Signature`; `nil` accepts unsigned requests.
    public var bankSecret: String?
    /// How long a hanging receiver holds a connection, in real time.
    public var hangTime: Duration

    /// A configuration with the defaults of the embedded stack.
    public init(
        host: String = "127.0.0.1", port: Int, gatewayURL: String, folder: String, seed: UInt64,
        brokers: String, kafkaOptions: [String: String] = [:], channelRatePPM: Int64 = 3800,
        identity: AlipayIdentity = .sample, bankSecret: String? = nil,
        hangTime: Duration = .seconds(5)
    ) {
        self.host = host
        self.port = port
        self.gatewayURL = gatewayURL
        self.folder = folder
        self.seed = seed
        self.brokers = brokers
        self.kafkaOptions = kafkaOptions
        self.channelRatePPM = channelRatePPM
        self.identity = identity
        self.bankSecret = bankSecret
        self.hangTime = hangTime
    }

    /// The simulator's own address.
    public var baseURL: String { "http://\(host == "0.0.0.0" ? "127.0.0.1" : host):\(port)" }
    /// The address of the channel's gateway, for `TALLY_ALIPAY_GATEWAY_URL`.
    public var alipayGatewayURL: String { baseURL + "/gateway.do" }
    /// The base address of the bank, for `TALLY_BANK_URL`.
    public var bankURL: String { baseURL + "/bank" }
    /// The settings of the simulator's own producer.
    public var kafkaSettings: KafkaSettings {
        KafkaSettings(brokers: brokers, options: kafkaOptions, clientID: "tally-simulator")
    }
    /// The file of the sample parties.
    public var partiesFile: String { folder + "/parties.json" }
}
