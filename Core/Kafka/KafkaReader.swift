import CRdKafka
import Foundation
public import Logging

/// Reads every partition of its topics, without a consumer group. Partitions added later are found
/// within a minute.
public final class KafkaReader: Sendable {
    /// The start position.
    public enum Start: Sendable {
        /// The oldest record that the broker stores.
        case beginning
        /// The first record written after the reader's start.
        case end
        /// These offsets; partitions without one, and those whose offset the broker no longer
        /// stores, start with the oldest record.
        case at([TopicPartition: Int64])
    }

    private let jobs = ReaderLoop.Jobs()
    private let ended = Latch()
    private let status: ClientStatus

    /// Starts in the background; waits for topics that don't exist yet.
    /// - Throws: for a librdkafka that is too old and for options that it refuses; not for
    ///   unavailable brokers.
    public init(
        settings: KafkaSettings, topics: [String], from start: Start,
        limits: ConsumerLimits = ConsumerLimits(), logger: Logger
    ) throws(KafkaError) {
        let defaults = [
            "fetch.wait.max.ms": "100", "check.crcs": "true",
        ]
        let fixed = [
            // librdkafka requires a group id; no group is joined and nothing is committed.
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

    /// Whether a broker answered at the last attempt.
    public var isConnected: Bool { status.isConnected }

    /// The last error; kept after the connection works again.
    public var lastError: KafkaError? { status.lastError }

    /// Waits for records; see ``KafkaConsumer/poll(maxRecords:wait:linger:)``.
    /// - Returns: records in order within each partition; empty where none came within `wait`.
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

    /// Returns once the start offset of every partition is resolved: every record written after
    /// that is read. Throws when the reader is closed, and after `timeout` with the reason.
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

    /// The end offset of each partition, as of the last fetch; partitions that haven't been fetched
    /// yet are missing.
    public func endOffsets() async -> [TopicPartition: Int64] {
        let refusal = KafkaError.closed("reader")
        let ends: [TopicPartition: Int64]? = try? await jobs.run(orThrow: refusal) {
            .success($0.endOffsets())
        }
        return ends ?? [:]
    }

    /// Returns when the client is destroyed. Polls that wait end with an error.
    public func close() async {
        _ = jobs.add { $0.beginClosing() }
        await ended.wait()
    }
}
