import CRdKafka
import Foundation
public import Logging

/// Writes records: idempotent, acknowledged by all in-sync replicas, in order within each
/// partition. One dedicated thread serves librdkafka's delivery reports.
public final class KafkaProducer: Sendable {
    private let handle: ClientHandle
    private let queue: ProducerQueue
    private let jobs = ProducerLoop.Jobs()
    private let ended = Latch()

    /// Connects in the background.
    /// - Throws: for a librdkafka that is too old and for options that it refuses; not for
    ///   unavailable brokers.
    public init(
        settings: KafkaSettings, limits: ProducerLimits = ProducerLimits(), logger: Logger
    ) throws(KafkaError) {
        var fixed = [
            "enable.idempotence": "true", "acks": "all",
            // ProducerQueue enforces the real limits.
            "queue.buffering.max.messages": "10000000",
            "queue.buffering.max.kbytes": "2097151",
        ]
        // Without a limit a record is never overtaken: no setting may bring one back.
        if limits.deliveryTimeout == nil {
            fixed["message.timeout.ms"] = limits.options["message.timeout.ms"]
        }
        let queue = ProducerQueue(limits: limits)
        let handle = try ClientHandle(
            RD_KAFKA_PRODUCER, settings,
            defaults: limits.options.merging(["partitioner": "murmur2_random"]) { $1 },
            fixed: fixed, callbacks: ClientCallbacks(logger: logger)
        ) { configuration in
            rd_kafka_conf_set_dr_msg_cb(configuration) { _, message, _ in
                DeliveryBatch.report(message)
            }
        }
        self.handle = handle
        self.queue = queue
        let thread = Thread { [jobs, ended] in
            ProducerLoop(handle, queue, jobs).run()
            ended.open()
        }
        thread.name = "kafka-producer"
        thread.start()
    }

    deinit { discard() }

    /// Whether a broker answered at the last attempt.
    public var isConnected: Bool { handle.status.isConnected }

    /// The last error; kept after the connection works again.
    public var lastError: KafkaError? { handle.status.lastError }

    /// The last error that says why, kept after the connection works again: not only that no broker
    /// is connected.
    public var cause: KafkaError? { handle.status.cause }

    /// Records sent and not acknowledged yet.
    public var queueLength: Int { queue.messages }

    /// One past the highest acknowledged offset, by partition.
    public var acknowledgedEnds: [TopicPartition: Int64] { queue.acknowledgedEnds }

    /// Sends records and returns when every one is acknowledged, in the records' order.
    /// - Returns: partition and offset of each; the offset is -1 in the rare case that the
    ///   acknowledgement of the attempt that stored the record was lost.
    /// - Throws: the first failure, with the number of failed records, once every record has its
    ///   delivery report; after a time-out the broker may have stored them.
    ///   ``KafkaError/isQueueFull``: none was sent. ``KafkaError/isFatal``: close this producer
    ///   and create another.
    public func send(
        _ records: [ProducerRecord]
    ) async throws(KafkaError) -> [Acknowledgement] {
        guard !records.isEmpty else { return [] }
        let bytes = records.reduce(0) { $0 + $1.byteCount }
        try queue.enter(messages: records.count, bytes: bytes)
        let outcome = await withCheckedContinuation { continuation in
            let batch = DeliveryBatch(topics: records.map(\.topic), continuation)
            for (index, record) in records.enumerated() { enqueue(record, batch, index) }
        }
        // Read before the queue's room is released: from then on the client may be destroyed.
        let fatal = outcome.failure == nil ? nil : ClientCallbacks.fatalError(of: handle.pointer)
        queue.leave(
            messages: records.count, bytes: bytes, acknowledged: outcome.acknowledged)
        if !outcome.acknowledged.isEmpty { handle.status.recordAnswer() }
        guard var failure = outcome.failure else { return outcome.acknowledged }
        if let fatal { failure = fatal.of(failure.failedCount) }
        // librdkafka would retry, but a broker that has fenced the producer refuses everything
        // that it sends from now on.
        failure.isFatal = failure.isFatal || failure.isProducerFenced
        throw failure
    }

    /// Whether a broker answers a request made now, within a fifth of a second.
    public func isAnswered() async -> Bool {
        let closed = KafkaError.closed("producer")
        do throws(KafkaError) {
            return try await jobs.run(orThrow: closed) { .success($0.probe()) }
        } catch {
            return false
        }
    }

    /// Refuses further records, and has those in flight fail at once: what the broker doesn't have
    /// by then isn't sent any more. Returns at once; ``close(within:)`` waits for the end.
    public func discard() {
        queue.close()
        _ = jobs.add { $0.beginClosing(within: .zero) }
    }

    /// Refuses further records, waits for those in flight, and returns when the client is
    /// destroyed. Records that aren't acknowledged within `grace` fail.
    public func close(within grace: Duration = .seconds(10)) async {
        queue.close()
        _ = jobs.add { $0.beginClosing(within: grace) }
        await ended.wait()
    }

    private func enqueue(_ record: ProducerRecord, _ batch: DeliveryBatch, _ index: Int) {
        let headers = Self.headers(record.headers)
        let slot = Unmanaged.passRetained(DeliveryBatch.Slot(batch, index))
        let code = record.value.withUnsafeBytes { value in
            Self.withKey(record.key) { key, keyLength in
                // Null would be a tombstone; an empty value points at anything.
                tally_kafka_produce(
                    handle.pointer, record.topic, record.partition ?? RD_KAFKA_PARTITION_UA, key,
                    keyLength, value.baseAddress ?? UnsafeRawPointer(slot.toOpaque()),
                    value.count, headers, slot.toOpaque())
            }
        }
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return }
        if let headers { rd_kafka_headers_destroy(headers) }
        slot.release()
        batch.fail(index, code)
    }

    private static func withKey(
        _ key: [UInt8]?, _ body: (UnsafeRawPointer?, Int) -> rd_kafka_resp_err_t
    ) -> rd_kafka_resp_err_t {
        guard let key else { return body(nil, 0) }
        return key.withUnsafeBytes { bytes in
            // An empty key is a key: its pointer must not be null.
            withUnsafeBytes(of: 0) { body(bytes.baseAddress ?? $0.baseAddress, bytes.count) }
        }
    }

    private static func headers(_ headers: [KafkaHeader]) -> OpaquePointer? {
        guard !headers.isEmpty, let list = rd_kafka_headers_new(headers.count) else { return nil }
        for header in headers {
            _ = header.value.withUnsafeBytes { value in
                withUnsafeBytes(of: 0) { empty in
                    rd_kafka_header_add(
                        list, header.name, -1, value.baseAddress ?? empty.baseAddress, value.count)
                }
            }
        }
        return list
    }
}

extension KafkaError {
    /// The same error, with the number of failed records.
    fileprivate func of(_ failedCount: Int) -> KafkaError {
        var error = self
        error.failedCount = failedCount
        return error
    }
}
