public import Kafka
public import Logging
public import Store
import Synchronization

/// The role's producer: created at the first publish, and replaced after a fatal error.
public actor EventProducer {
    private let settings: KafkaSettings
    private let logger: Logger
    private let ends: ProducedEnds
    private let limits: ProducerLimits
    private var producer: KafkaProducer? {
        didSet { shown.withLock { [producer] in $0 = producer } }
    }
    // A copy of `producer` that metrics read without entering the actor.
    private nonisolated let shown = Mutex<KafkaProducer?>(nil)

    /// - Parameters:
    ///   - ends: records the acknowledged offsets.
    ///   - limits: of its queue and its deliveries. By default a delivery has no time limit: else
    ///     an event whose time is up would be published again after later ones of its key. The wait
    ///     ends with the broker's answer, or when the producer is closed.
    /// - Throws: for a librdkafka that is too old.
    public init(
        settings: KafkaSettings, ends: ProducedEnds,
        limits: ProducerLimits = ProducerLimits(deliveryTimeout: nil), logger: Logger
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
    /// - Throws: `KafkaError`; some may have been published, so publish the same events again.
    public func publish(_ events: [OutgoingEvent]) async throws {
        let producer = try current()
        let records = events.map { event in
            ProducerRecord(
                topic: event.topic, partition: nil, key: event.key, value: event.value,
                headers: event.headers.map { KafkaHeader(name: $0.name, value: $0.value) })
        }
        do throws(KafkaError) {
            ends.record(try await producer.send(records))
            logger.logPublished(events)
        } catch {
            if error.isFatal { await replace(producer, error) }
            throw error
        }
    }

    /// The same for stored events, which another process publishes where this one doesn't. Where
    /// the caller is cancelled, what isn't acknowledged is removed from the client's queue, so that
    /// it isn't sent after later events of the other process; other callers' events fail as well.
    /// - Throws: `CancellationError` in that case, within a second.
    public func publishOrDiscard(_ events: [OutgoingEvent]) async throws {
        let used = try current()
        do {
            try await withTaskCancellationHandler {
                try await publish(events)
            } onCancel: {
                used.discard()
            }
        } catch {
            guard Task.isCancelled else { throw error }
            if producer === used { producer = nil }
            throw CancellationError()
        }
        // Cancelled just after the last acknowledgement: the client may be discarded.
        if Task.isCancelled && producer === used { producer = nil }
    }

    /// Whether a broker answers a request made now, within a fifth of a second.
    func isBrokerAnswering() async -> Bool {
        guard let producer = try? current() else { return false }
        return await producer.isAnswered()
    }

    /// Whether no broker answers, so that a publish now would only wait. `false` before the first
    /// publish.
    public var isBrokerUnavailable: Bool {
        guard let producer else { return false }
        return !producer.isConnected && producer.lastError != nil
    }

    /// Why the broker didn't answer last; `nil` where it always did. Kept once closed.
    public var lastError: KafkaError? { producer?.cause ?? closedCause }
    private var closedCause: KafkaError?

    /// Waits for records in flight, for a second at most, and closes.
    public func close() async {
        closedCause = lastError
        await producer?.close(within: .seconds(1))
        producer = nil
    }

    private func replace(_ broken: KafkaProducer, _ error: KafkaError) async {
        logger.error(
            "the producer failed for good; creating another", metadata: ["error": "\(error)"])
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
