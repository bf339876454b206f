import CRdKafka
import Foundation

/// Owns one `rd_kafka_t` and what its callbacks use.
///
/// `@unchecked Sendable`: the pointer is set once and never changed, librdkafka's functions may be
/// called on one handle from any thread, and `destroy` is called once, by the thread that serves
/// the handle, after its last other use.
final class ClientHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    let callbacks: ClientCallbacks
    private let kind: rd_kafka_type_t

    var status: ClientStatus { callbacks.status }

    /// Makes a client; connects in the background.
    /// - Parameters:
    ///   - defaults: options that the settings' own may override.
    ///   - fixed: options that they may not.
    ///   - configure: changes the finished configuration, e.g. adds a callback.
    /// - Throws: for a librdkafka that is too old, and for options that it refuses.
    init(
        _ kind: rd_kafka_type_t, _ settings: KafkaSettings, defaults: [String: String],
        fixed: [String: String], callbacks: ClientCallbacks,
        configure: (OpaquePointer) -> Void = { _ in }
    ) throws(KafkaError) {
        try KafkaLibrary.check(settings.libraryVersion)
        guard let configuration = rd_kafka_conf_new() else {
            throw KafkaError(RD_KAFKA_RESP_ERR__CRIT_SYS_RESOURCE, reason: "out of memory")
        }
        var all = [
            "log.connection.close": "false", "reconnect.backoff.ms": "100",
            "reconnect.backoff.max.ms": "1000", "socket.keepalive.enable": "true",
            "socket.nagle.disable": "true",
            // A topic that the broker creates by itself has its default partitions and retention,
            // and a producer requests that by default; ours come from their specifications alone.
            "allow.auto.create.topics": "false",
        ]
        all.merge(defaults) { $1 }
        all.merge(settings.options) { $1 }
        all.merge(fixed) { $1 }
        all["bootstrap.servers"] = settings.brokers
        all["client.id"] = settings.clientID
        do throws(KafkaError) {
            // Sorted by name, so that of several wrong options the error always names the same.
            for (name, value) in all.sorted(by: { $0.key < $1.key }) {
                try Self.set(configuration, name, value)
            }
        } catch {
            rd_kafka_conf_destroy(configuration)
            throw error
        }
        callbacks.register(in: configuration)
        configure(configuration)
        var text = [CChar](repeating: 0, count: 512)
        guard let made = rd_kafka_new(kind, configuration, &text, text.count) else {
            let code = rd_kafka_last_error()
            // rd_kafka_new takes the configuration over only where it succeeds.
            rd_kafka_conf_destroy(configuration)
            let reason = text.withUnsafeBufferPointer(ClientCallbacks.text)
            throw KafkaError(code, reason: "can't create a Kafka client: \(reason)")
        }
        pointer = made
        self.callbacks = callbacks
        self.kind = kind
    }

    /// Destroys the client; blocks until its threads have ended, at most a second. Doesn't leave
    /// the group.
    ///
    /// A consumer whose broker became unavailable just after a rebalance may keep a thread that
    /// never ends, and librdkafka waits for it without bound (its issue 3954). A worker that stops
    /// must not: the thread keeps this handle until it ends or the process does.
    /// - Parameter wakeUp: the descriptor that the client's queues signal.
    func destroy(keeping wakeUp: WakeUp? = nil) {
        let isDestroyed = WakeUp()
        let thread = Thread {
            withExtendedLifetime((self, wakeUp)) {
                rd_kafka_destroy_flags(self.pointer, RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE)
            }
            isDestroyed.signal()
        }
        thread.name = "kafka-destroy"
        thread.start()
        if !isDestroyed.wait(milliseconds: 1000) { callbacks.logLateEnd() }
    }

    /// Whether a broker answers within `milliseconds`. Blocks.
    @discardableResult
    func probe(milliseconds: Int32) -> Bool {
        // All topics: a request for the topics that this client knows makes the broker create the
        // missing ones, whatever `allow.auto.create.topics` says.
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let code = rd_kafka_metadata(pointer, 1, nil, &metadata, milliseconds)
        if let metadata { rd_kafka_metadata_destroy(metadata) }
        if code == RD_KAFKA_RESP_ERR_NO_ERROR { status.recordAnswer() }
        return code == RD_KAFKA_RESP_ERR_NO_ERROR
    }

    /// Sets an option; the error doesn't show a value that may be a secret.
    private static func set(
        _ configuration: OpaquePointer, _ name: String, _ value: String
    ) throws(KafkaError) {
        var text = [CChar](repeating: 0, count: 512)
        let result = rd_kafka_conf_set(configuration, name, value, &text, text.count)
        guard result != RD_KAFKA_CONF_OK else { return }
        let isSecret = ["password", "secret", "key", "jaas", "oauth"].contains { name.contains($0) }
        let reason = isSecret ? "refused" : text.withUnsafeBufferPointer(ClientCallbacks.text)
        throw KafkaError(
            RD_KAFKA_RESP_ERR__INVALID_ARG, reason: "Kafka option \(name): \(reason)")
    }
}

extension ClientHandle {
    /// The offset after each partition's last record (its end offset), as of the last fetch.
    func endOffsets(of partitions: some Sequence<TopicPartition>) -> [TopicPartition: Int64] {
        var ends: [TopicPartition: Int64] = [:]
        for place in partitions {
            var low: Int64 = -1
            var high: Int64 = -1
            let code = rd_kafka_get_watermark_offsets(
                pointer, place.topic, place.partition, &low, &high)
            if code == RD_KAFKA_RESP_ERR_NO_ERROR && high >= 0 { ends[place] = high }
        }
        return ends
    }
}
