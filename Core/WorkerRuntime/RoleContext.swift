public import Kafka
public import Logging
public import Store

/// What every role is handed at its start.
public struct RoleContext: Sendable {
    /// The role's name, for logs and connections.
    public let name: String
    /// Business time.
    public let clock: any BusinessClock
    /// A PostgreSQL URL.
    public let databaseURL: String
    /// The broker, and what is passed on to librdkafka.
    public let kafka: KafkaSettings
    /// Opens what is sealed at rest.
    public let sealer: Sealer
    /// How often an idle sweep looks for work, in real time.
    public let idlePoll: Duration
    /// Where the role's figures are kept.
    public let metrics: MetricsRegistry
    /// How far this process has written each partition.
    public let ends: ProducedEnds
    /// Is told of each step of its loops; for fault tests.
    public let crashPoints: CrashPoints
    /// The role's logger.
    public let logger: Logger

    /// A context by its parts.
    public init(
        name: String, clock: any BusinessClock, databaseURL: String, kafka: KafkaSettings,
        sealer: Sealer, idlePoll: Duration, metrics: MetricsRegistry, ends: ProducedEnds,
        crashPoints: CrashPoints = .unwatched, logger: Logger
    ) {
        self.name = name
        self.clock = clock
        self.databaseURL = databaseURL
        self.kafka = kafka
        self.sealer = sealer
        self.idlePoll = idlePoll
        self.metrics = metrics
        self.ends = ends
        self.crashPoints = crashPoints
        self.logger = logger
    }
}
