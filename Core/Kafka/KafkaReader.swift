import CRdKafka
import Foundation
public import Logging

/// Reads topics whole, without a group: every partition, by every reader. Partitions that are added
/// later are found within a minute.
public final class KafkaReader: Sendable {
    /// Where reading begins.
    public enum Start: Sendable {
        /// With the oldest record that the broker has.
        case beginning
        /// With what is written after the reader's start.
        case end
        /// With the record of this offset; partitions that aren't named, with the oldest record.
        /// Where that record is gone, with the oldest that the broker has.
        case at([TopicPartition: Int64])
    }

    private let jobs = ReaderLoop.Jobs()
    private let ended = Latch()
    private let status: ClientStatus

    /// Begins in the background; topics that aren't there yet are waited for.
    /// - Throws: for options that librdkafka refuses; not for brokers that are away.
    public init(
        settings: KafkaSettings, topics: [String], from start: Start,
        limits: ConsumerLimits = ConsumerLimits(), logger: Logger
    ) throws(KafkaError) {
        let defaults = [
            "fetch.wait.max.ms": "100", "check.crcs": "true",
        ]
        let fixed = [
            // librdkafka wants a group's name; none is joined, nothing is committed.
            "group.id": "\(settings.clientID)-reader", "enable.auto.commit": "false",
            "enable.auto.offset.store": "false", "auto.offset.reset": "earliest",
            "enable.partition.eof": "false",
        ]
        let handle = try ClientHandle(
            RD_KAFKA_CONSUMER, settings, defaults: defaults.merging(limits.options) { $1 },
            fixed: fixed, callbacks: ClientCallbacks(logger: logger))
        status = handle.status
        rd_kafka_poll_set_consumer(handle.pointer)
        let thread = Thread { [jobs, ended] in
            ReaderLoop(
                handle, jobs, topics: topics, from: start, batchBytes: limits.batchBytes
            ).run()
            ended.open()
        }
        thread.name = "kafka-reader"
        thread.start()
    }

    deinit { _ = jobs.add { $0.beginClosing() } }

    /// Whether a broker answered when last heard of.
    public var isConnected: Bool { status.isConnected }

    /// What broke last; kept after it is mended.
    public var lastError: KafkaError? { status.lastError }

    /// Waits for records; see ``KafkaConsumer/poll(maxRecords:wait:linger:)``.
    /// - Returns: records in order within each partition; none where none came within `wait`.
    public func poll(
        maxRecords: Int, wait: Duration, linger: Duration = .milliseconds(1)
    ) async throws(KafkaError) -> [KafkaRecord] {
        let result: Result<[KafkaRecord], KafkaError> = await withCheckedContinuation {
            let request = PollRequest(maxRecords: maxRecords, wait: wait, linger: linger, $0)
            let isTaken = jobs.add { $0.add(request) }
            if !isTaken { request.finish(.failure(.closed("reader"))) }
        }
        return try result.get()
    }

    /// Returns once the place to read from is known for every partition of every topic: a record
    /// that is written after that is read. Throws when the reader is closed, or why it isn't there
    /// after `timeout`.
    public func waitUntilPositioned(
        timeout: Duration = .seconds(30)
    ) async throws(KafkaError) {
        let deadline = MonotonicTime.after(timeout)
        let result: Result<Void, KafkaError> = await withCheckedContinuation { continuation in
            let waiter = ReaderLoop.PositionWaiter(deadline: deadline, continuation: continuation)
            let isTaken = jobs.add { $0.add(waiter) }
            if !isTaken { continuation.resume(returning: .failure(.closed("reader"))) }
        }
        try result.get()
    }

    /// The offset after the last record of each partition, as the last fetch told it; partitions
    /// that haven't been fetched yet are missing.
    public func endOffsets() async -> [TopicPartition: Int64] {
        let refusal = KafkaError.closed("reader")
        let ends: [TopicPartition: Int64]? = try? await jobs.run(orThrow: refusal) {
            .success($0.endOffsets())
        }
        return ends ?? [:]
    }

    /// Returns when the client is gone. Polls that wait end with an error.
    public func close() async {
        _ = jobs.add { $0.beginClosing() }
        await ended.wait()
    }
}
