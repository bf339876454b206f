public import Kafka
public import Logging
public import Store

/// What every role gets at its start.
public struct RoleContext: Sendable {
    /// The role's name, for logs and connections.
    public let name: String
    /// Business time.
    public let clock: any BusinessClock
    /// A PostgreSQL URL.
    public let databaseURL: String
    /// The brokers' addresses, and options for librdkafka.
    public let kafka: KafkaSettings
    /// Decrypts secrets that are sealed at rest.
    public let sealer: Sealer
    /// How often an idle sweep looks for work, in real time.
    public let idlePoll: Duration
    /// The process's metrics.
    public let metrics: MetricsRegistry
    /// What the process lacks; shown by `/readyz`.
    public let readiness = Readiness()
    /// Opens when the database has the schema of this build.
    public let schema: SchemaGate
    /// The end offsets of the partitions that this process has written.
    public let ends: ProducedEnds
    /// Called at each crash point of the role's loops; for fault tests.
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
        schema = SchemaGate(logger: logger)
    }
}
