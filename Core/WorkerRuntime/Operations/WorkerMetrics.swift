import Foundation
import Kafka
import Synchronization

/// The metrics of one worker.
final class WorkerMetrics: Sendable {
    let records: Counter
    let batches: Counter
    let batchSeconds: Counter
    let rejected: Counter
    let poison: Counter
    let retries: Counter

    private struct State {
        var lag: Int64 = 0
        // The timestamp of the oldest record polled, in milliseconds since 1970.
        var oldest: Int64?
        // Why the last attempt to store failed; nil once one succeeded.
        var obstacle: String?
        var isBrokerUnavailable = false
        var isConsumerUnavailable = false
        var awaitsPartitions = false
        var pausedPartitions = 0
        var publishingSince: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// - Parameter readiness: shows what the worker lacks.
    init(worker: String, registry: MetricsRegistry, readiness: Readiness? = nil) {
        let labels = ["worker": worker]
        func counter(_ name: String, _ help: String) -> Counter {
            registry.counter("tally_worker_\(name)", help: help, labels: labels)
        }
        records = counter("records_total", "Records whose effect is stored.")
        batches = counter("batches_total", "Batches stored.")
        batchSeconds = counter("batch_seconds_total", "Time from preparation to commit.")
        rejected = counter("rejected_total", "Records rejected by a business rule.")
        poison = counter("poison_total", "Records that became dead letters.")
        retries = counter("retries_total", "Retries after a transient failure.")
        registry.gauge(
            "tally_worker_lag_records",
            help: "Records between the stored and the end offsets of the assigned partitions.",
            labels: labels
        ) { [weak self] in Double(self?.state.withLock { $0.lag } ?? 0) }
        registry.gauge(
            "tally_worker_oldest_record_seconds",
            help: "Age of the oldest record whose effect isn't stored; 0 where there is none.",
            labels: labels
        ) { [weak self] in self?.oldestSeconds(at: .now) ?? 0 }
        registry.gauge(
            "tally_worker_paused_partitions",
            help: "Assigned partitions that aren't read until an operator releases them.",
            labels: labels
        ) { [weak self] in Double(self?.pausedPartitions ?? 0) }
        registry.gauge(
            "tally_worker_ready",
            help: "1 while the broker and the database answer and partitions are assigned.",
            labels: labels
        ) { [weak self] in self?.isReady == true ? 1 : 0 }
        readiness?.addAll { [weak self] in self?.missing ?? [] }
    }

    /// Work on the database failed, with an error that isn't a record's.
    func recordObstacle(_ error: any Error) {
        state.withLock { $0.obstacle = EnvironmentError.text(of: error) ?? "database" }
    }

    /// Work on the database succeeded.
    func clearObstacle() { state.withLock { $0.obstacle = nil } }

    var isBrokerUnavailable: Bool {
        get { state.withLock { $0.isBrokerUnavailable } }
        set { state.withLock { $0.isBrokerUnavailable = newValue } }
    }

    /// Whether the consumer has no broker that answers; ``isBrokerUnavailable`` is the producer's.
    var isConsumerUnavailable: Bool {
        get { state.withLock { $0.isConsumerUnavailable } }
        set { state.withLock { $0.isConsumerUnavailable = newValue } }
    }

    /// Whether the worker's group hasn't assigned it partitions yet; always `false` where there is
    /// no consumer.
    var awaitsPartitions: Bool {
        get { state.withLock { $0.awaitsPartitions } }
        set { state.withLock { $0.awaitsPartitions = newValue } }
    }

    /// Assigned partitions that aren't read until an operator releases them; they don't make the
    /// worker unready, because its others are read on.
    var pausedPartitions: Int {
        get { state.withLock { $0.pausedPartitions } }
        set { state.withLock { $0.pausedPartitions = newValue } }
    }

    /// Since when events wait for the broker's acknowledgement, which has no time limit; `nil`
    /// where none do.
    var publishingSince: ContinuousClock.Instant? {
        get { state.withLock { $0.publishingSince } }
        set { state.withLock { $0.publishingSince = newValue } }
    }

    // A publish that takes longer means that no broker answers.
    private static var slowPublish: Duration { .seconds(5) }

    var isReady: Bool { missing.isEmpty }

    /// What the worker lacks, as lines of `/readyz`.
    var missing: [String] {
        let now = ContinuousClock.now
        let state = state.withLock { $0 }
        let isPublishing = state.publishingSince.map { now - $0 < Self.slowPublish } ?? true
        var missing: [String] = []
        if state.isBrokerUnavailable || state.isConsumerUnavailable || !isPublishing {
            missing.append("broker")
        }
        if let obstacle = state.obstacle { missing.append(obstacle) }
        if state.awaitsPartitions { missing.append("partitions") }
        return missing
    }

    func recordBatch(
        _ recordCount: Int, _ rejectedCount: Int, _ poisonCount: Int,
        since start: ContinuousClock.Instant
    ) {
        records.increment(by: Double(recordCount))
        batches.increment()
        batchSeconds.increment(by: (ContinuousClock.now - start) / .seconds(1))
        rejected.increment(by: Double(rejectedCount))
        poison.increment(by: Double(poisonCount))
        clearObstacle()
    }

    /// Records were polled: until they are stored, the oldest of them is the oldest unstored
    /// record.
    func recordPolled(_ records: [KafkaRecord]) {
        let oldest = records.compactMap(\.timestampMilliseconds).min()
        state.withLock { state in
            state.lag = max(state.lag, Int64(records.count))
            state.oldest = oldest ?? state.oldest
        }
    }

    // Between two batches the next record is no older than those of the last batch.
    private func oldestSeconds(at now: Date) -> Double {
        let (lag, oldest) = state.withLock { ($0.lag, $0.oldest) }
        guard lag > 0, let oldest else { return 0 }
        return max(0, now.timeIntervalSince1970 - Double(oldest) / 1_000)
    }

    func recordLag(ends: [TopicPartition: Int64], positions: [TopicPartition: Int64]) {
        let lag = positions.reduce(Int64(0)) { sum, position in
            sum + max(0, (ends[position.key] ?? position.value) - position.value)
        }
        state.withLock { $0.lag = lag }
    }
}
