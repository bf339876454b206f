import CRdKafka
import Foundation
public import Logging

/// Reads topics as a member of a group: the group assigns partitions, the owner says from which
/// offsets they are read.
///
/// Rebalances are eager (range): each returns `.revoked`, if there was an assignment, and then
/// `.assigned`, upon which the owner calls ``assign(_:leaderEpochs:)``. The group never waits for
/// the owner: it may take its time, or poll late. The owner stores the offsets; those committed to
/// the broker aren't read. One dedicated thread calls librdkafka: no caller is
/// blocked.
public final class KafkaConsumer: Sendable {
    private let jobs = ConsumerLoop.Jobs()
    private let ended = Latch()
    private let status: ClientStatus

    /// Joins the group in the background.
    /// - Parameters:
    ///   - group: the consumer group; its members share the topics' partitions.
    ///   - topics: a topic that the cluster doesn't have is an error of
    ///     ``poll(maxRecords:wait:linger:)``, and is found within half a minute of its creation.
    /// - Throws: for a librdkafka that is too old and for options that it refuses; not for
    ///   unavailable brokers.
    public init(
        settings: KafkaSettings, group: String, topics: [String],
        limits: ConsumerLimits = ConsumerLimits(),
        logger: Logger
    ) throws(KafkaError) {
        let rebalances = RebalanceInbox()
        let defaults = [
            "fetch.wait.max.ms": "250", "topic.metadata.refresh.interval.ms": "30000",
            "check.crcs": "true",
            // A member that sends no heartbeat for 10 s loses its partitions. The thread polls
            // while its owner doesn't, so only one that hangs exceeds the minute, which is also how
            // long the group waits at most for a member at a rebalance.
            "session.timeout.ms": "10000", "heartbeat.interval.ms": "2000",
            "max.poll.interval.ms": "60000",
        ]
        let fixed = [
            "group.id": group, "enable.auto.commit": "false", "enable.auto.offset.store": "false",
            "auto.offset.reset": "error", "enable.partition.eof": "true",
            "partition.assignment.strategy": "range",
        ]
        let handle = try ClientHandle(
            RD_KAFKA_CONSUMER, settings,
            defaults: defaults.merging(limits.options) { $1 },
            fixed: fixed, callbacks: ClientCallbacks(logger: logger, rebalances: rebalances))
        status = handle.status
        rd_kafka_poll_set_consumer(handle.pointer)
        do throws(KafkaError) {
            let list = PartitionList(topics.map { TopicPartition(topic: $0, partition: -1) })
            try KafkaError.check(
                rd_kafka_subscribe(handle.pointer, list.pointer),
                "can't subscribe to \(topics.joined(separator: ", "))")
        } catch {
            handle.destroy()
            throw error
        }
        let thread = Thread { [jobs, ended] in
            ConsumerLoop(handle, rebalances, jobs, batchBytes: limits.batchBytes).run()
            ended.open()
        }
        thread.name = "kafka-consumer"
        thread.start()
    }

    deinit { _ = jobs.add { $0.beginClosing() } }

    /// Whether a broker answered at the last attempt.
    public var isConnected: Bool { status.isConnected }

    /// The last error; kept after the connection works again.
    public var lastError: KafkaError? { status.lastError }

    /// Waits for a rebalance of the group, else for records.
    /// - Parameters:
    ///   - wait: how long to wait for the first record.
    ///   - linger: how long to wait for more after the first; records fetched already are returned
    ///     anyway.
    /// - Returns: at most `maxRecords`, and at most one record more than the limits' `batchBytes`.
    /// - Throws: an error of a partition or the client; the same call may be made again, unless it
    ///   is fatal. ``KafkaError/isOffsetOutOfRange`` names the partition, which is read no further.
    public func poll(
        maxRecords: Int, wait: Duration, linger: Duration = .milliseconds(5)
    ) async throws(KafkaError) -> ConsumerEvent {
        let result: Result<ConsumerEvent, KafkaError> = await withCheckedContinuation {
            let request = PollRequest(maxRecords: maxRecords, wait: wait, linger: linger, $0)
            let isTaken = jobs.add { $0.add(request) }
            if !isTaken { request.finish(.failure(.closed("consumer"))) }
        }
        return try result.get()
    }

    /// Reads the given partitions from these offsets (or ``KafkaOffset/beginning``), and no others;
    /// pauses end. To be called upon `.assigned`, and as often as needed until `.revoked`.
    /// Partitions that were revoked meanwhile are ignored: the next poll returns the revocation.
    /// - Parameter leaderEpochs: of the record before each offset, where known: a log that no
    ///   longer has that record is an error of the next poll, as an offset out of range is.
    public func assign(
        _ positions: [TopicPartition: Int64], leaderEpochs: [TopicPartition: Int32] = [:]
    ) async throws(KafkaError) {
        try await perform { loop throws(KafkaError) in
            try loop.assign(positions, leaderEpochs: leaderEpochs)
        }
    }

    /// Stops reading the partitions until ``resume(_:)``.
    public func pause(_ partitions: [TopicPartition]) async throws(KafkaError) {
        try await perform { loop throws(KafkaError) in try loop.setPaused(partitions, true) }
    }

    /// Ends a ``pause(_:)``; reading continues after the last record polled.
    public func resume(_ partitions: [TopicPartition]) async throws(KafkaError) {
        try await perform { loop throws(KafkaError) in try loop.setPaused(partitions, false) }
    }

    /// Continues reading at other offsets.
    public func seek(_ positions: [TopicPartition: Int64]) async throws(KafkaError) {
        try await perform { loop throws(KafkaError) in try loop.seek(positions) }
    }

    /// Continues reading a partition at another offset.
    public func seek(_ partition: TopicPartition, to offset: Int64) async throws(KafkaError) {
        try await seek([partition: offset])
    }

    /// Commits the next offset of each partition to the broker, for tools that show the lag.
    /// Returns before the broker has answered.
    public func commit(_ offsets: [TopicPartition: Int64]) async throws(KafkaError) {
        try await perform { loop throws(KafkaError) in try loop.commit(offsets) }
    }

    /// The end offset of each partition read, as of the last fetch; partitions that haven't been
    /// fetched yet are missing.
    public func endOffsets() async -> [TopicPartition: Int64] {
        let refusal = KafkaError.closed("consumer")
        let ends: [TopicPartition: Int64]? = try? await jobs.run(orThrow: refusal) {
            .success($0.endOffsets())
        }
        return ends ?? [:]
    }

    /// Leaves the group and returns when the client is destroyed. Polls that wait end with an
    /// error. Takes 2.5 seconds where the broker doesn't answer or the group is being formed.
    public func close() async {
        _ = jobs.add { $0.beginClosing() }
        await ended.wait()
    }

    private func perform(
        _ body: @escaping @Sendable (ConsumerLoop) throws(KafkaError) -> Void
    ) async throws(KafkaError) {
        try await jobs.run(orThrow: .closed("consumer")) { loop in
            Result { () throws(KafkaError) in try body(loop) }
        }
    }
}
