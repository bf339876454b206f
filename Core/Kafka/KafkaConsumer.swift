import CRdKafka
import Foundation
public import Logging

/// Reads topics as a member of a group: the group says which partitions, its owner from where.
///
/// Rebalances are eager (range): each brings `.revoked`, if there was an assignment, and then
/// `.assigned`, upon which the owner calls ``assign(_:)``. Offsets are the owner's to keep; the
/// broker's decide nothing. One dedicated thread talks to librdkafka: no caller is blocked.
public final class KafkaConsumer: Sendable {
    private let jobs = ConsumerLoop.Jobs()
    private let ended = Latch()
    private let status: ClientStatus

    /// Joins the group in the background.
    /// - Parameters:
    ///   - group: whose members share the topics' partitions.
    ///   - topics: read whole; one that the cluster lacks is an error of
    ///     ``poll(maxRecords:wait:linger:)``, and is found within half a minute of its creation.
    /// - Throws: for options that librdkafka refuses; not for brokers that are away.
    public init(
        settings: KafkaSettings, group: String, topics: [String],
        limits: ConsumerLimits = ConsumerLimits(), options: ConsumerOptions = ConsumerOptions(),
        logger: Logger
    ) throws(KafkaError) {
        let rebalances = RebalanceInbox()
        let defaults = [
            "fetch.wait.max.ms": "250", "topic.metadata.refresh.interval.ms": "30000",
            "check.crcs": "true",
        ]
        let fixed = [
            "group.id": group, "enable.auto.commit": "false", "enable.auto.offset.store": "false",
            "auto.offset.reset": "error", "enable.partition.eof": "false",
            "partition.assignment.strategy": "range",
        ]
        let handle = try ClientHandle(
            RD_KAFKA_CONSUMER, settings,
            defaults: defaults.merging(limits.options) { $1 }.merging(options.options) { $1 },
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

    /// Whether a broker answered when last heard of.
    public var isConnected: Bool { status.isConnected }

    /// What broke last; kept after it is mended.
    public var lastError: KafkaError? { status.lastError }

    /// Waits for news: of the group first, else records.
    /// - Parameters:
    ///   - wait: how long to wait for the first record.
    ///   - linger: how long to wait for more once there is one; what is at hand comes along anyway.
    /// - Returns: at most `maxRecords`, and at most the limits' `batchBytes` and a record.
    /// - Throws: what a partition or the client met; the same call may be made again, unless it
    ///   is fatal. ``KafkaError/isOffsetOutOfRange`` names the partition, which is not read on.
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

    /// Begins to read at the given offsets (or ``KafkaOffset/beginning``), and reads nothing else
    /// from now on; pauses end. To be called upon `.assigned`, and at will until `.revoked`.
    /// Partitions that aren't ours any more are passed over: the next poll tells.
    public func assign(_ positions: [TopicPartition: Int64]) async throws(KafkaError) {
        try await perform { loop throws(KafkaError) in try loop.assign(positions) }
    }

    /// Stops reading the partitions until ``resume(_:)``; the membership is kept, without polls
    /// even where all partitions are paused.
    public func pause(_ partitions: [TopicPartition]) async throws(KafkaError) {
        try await perform { loop throws(KafkaError) in try loop.setPaused(partitions, true) }
    }

    /// Reads on after ``pause(_:)``, with the record after the last one polled.
    public func resume(_ partitions: [TopicPartition]) async throws(KafkaError) {
        try await perform { loop throws(KafkaError) in try loop.setPaused(partitions, false) }
    }

    /// Reads on at other offsets.
    public func seek(_ positions: [TopicPartition: Int64]) async throws(KafkaError) {
        try await perform { loop throws(KafkaError) in try loop.seek(positions) }
    }

    /// Reads a partition on at another offset.
    public func seek(_ partition: TopicPartition, to offset: Int64) async throws(KafkaError) {
        try await seek([partition: offset])
    }

    /// Tells the broker the next offset of each partition, for tools that show the lag. Returns
    /// before the broker has answered.
    public func commit(_ offsets: [TopicPartition: Int64]) async throws(KafkaError) {
        try await perform { loop throws(KafkaError) in try loop.commit(offsets) }
    }

    /// The offset after the last record of each partition read, as the last fetch told it;
    /// partitions that haven't been fetched yet are missing.
    public func endOffsets() async -> [TopicPartition: Int64] {
        let refusal = KafkaError.closed("consumer")
        let ends: [TopicPartition: Int64]? = try? await jobs.run(orThrow: refusal) {
            .success($0.endOffsets())
        }
        return ends ?? [:]
    }

    /// Leaves the group and returns when the client is gone. Polls that wait end with an error.
    /// A broker that doesn't answer, or a group that is being formed, costs 2.5 seconds.
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
