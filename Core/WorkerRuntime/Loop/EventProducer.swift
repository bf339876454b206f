public import Kafka
public import Logging
public import Store
import Synchronization

/// The role's producer: made anew when librdkafka says that the old one can't go on.
public actor EventProducer {
    private let settings: KafkaSettings
    private let logger: Logger
    private let ends: ProducedEnds
    private let limits: ProducerLimits
    private var producer: KafkaProducer? {
        didSet { shown.withLock { [producer] in $0 = producer } }
    }
    // The same, for metrics, which don't wait.
    private nonisolated let shown = Mutex<KafkaProducer?>(nil)

    /// - Parameters:
    ///   - ends: is told how far each partition has got.
    ///   - limits: how much it holds, and for how long it tries.
    public init(
        settings: KafkaSettings, ends: ProducedEnds, limits: ProducerLimits = ProducerLimits(),
        logger: Logger
    ) throws(KafkaError) {
        try KafkaLibrary.check()
        self.settings = settings
        self.ends = ends
        self.limits = limits
        self.logger = logger
    }

    /// Records that were sent and aren't acknowledged yet.
    public nonisolated var queueLength: Int { shown.withLock { $0?.queueLength ?? 0 } }

    /// Publishes events in order and returns when the broker has acknowledged every one.
    /// - Throws: `KafkaError`; some may have been published then, so the same events are to be
    ///   published again.
    public func publish(_ events: [OutgoingEvent]) async throws {
        let producer = try current()
        let records = events.map { event in
            ProducerRecord(
                topic: event.topic, partition: nil, key: event.key, value: event.value,
                headers: event.headers.map { KafkaHeader(name: $0.name, value: $0.value) })
        }
        do throws(KafkaError) {
            ends.note(try await producer.send(records))
            logger.tell(of: events)
        } catch {
            if error.isFatal { await replace(producer, error) }
            throw error
        }
    }

    /// Whether no broker answers: what is published now would wait in vain. `false` before anything
    /// has been published.
    public var isBrokerUnavailable: Bool {
        guard let producer else { return false }
        return !producer.isConnected && producer.lastError != nil
    }

    /// Waits for what is under way, for a second at most, and closes.
    public func close() async {
        await producer?.close(within: .seconds(1))
        producer = nil
    }

    private func replace(_ broken: KafkaProducer, _ error: KafkaError) async {
        logger.error("the producer can't go on; making another", metadata: ["error": "\(error)"])
        if producer === broken { producer = nil }
        await broken.close()
    }

    private func current() throws -> KafkaProducer {
        if let producer { return producer }
        let made = try KafkaProducer(settings: settings, limits: limits, logger: logger)
        producer = made
        return made
    }
}
