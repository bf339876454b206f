public import Kafka
import Payments

/// Where the simulator lives and whom it plays against.
public struct SimulatorConfig: Sendable {
    /// The interface it listens on.
    public var host: String
    /// Its port.
    public var port: Int
    /// The platform's gateway, without a slash at the end.
    public var gatewayURL: String
    /// Holds the keys and `parties.json`; made if it isn't there.
    public var folder: String
    /// The random of parties, receivers and bank.
    public var seed: UInt64
    /// Kafka's bootstrap servers, for records that are published directly.
    public var brokers: String
    /// Options passed to the Kafka client: security, SASL, TLS.
    public var kafkaOptions: [String: String]
    /// What the channel charges, in ppm.
    public var channelRatePPM: Int64
    /// Who the platform is at the channel.
    public var identity: AlipayIdentity
    /// Checks `Bank-Signature` where set.
    public var bankSecret: String?
    /// How long a hanging receiver holds a connection, in real time.
    public var hangTime: Duration

    /// A simulator beside `gatewayURL`.
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
    /// The channel's gateway, for `TALLY_ALIPAY_GATEWAY_URL`.
    public var alipayGatewayURL: String { baseURL + "/gateway.do" }
    /// The bank's base, for `TALLY_BANK_URL`.
    public var bankURL: String { baseURL + "/bank" }
    /// How the simulator's own producer reaches Kafka.
    public var kafkaSettings: KafkaSettings {
        KafkaSettings(brokers: brokers, options: kafkaOptions, clientID: "tally-simulator")
    }
    /// The sample parties' file.
    public var partiesFile: String { folder + "/parties.json" }
}
