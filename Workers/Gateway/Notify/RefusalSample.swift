import Logging
import Payments
import Postgres
import ServiceLifecycle
import Store
import Synchronization
import WorkerRuntime

/// Counts refused notifications, and keeps a bounded sample of them for operators.
///
/// A flood costs no database work and no log line a request: at most one sample a reason and second
/// is stored, and one line in ten seconds is logged, with the counts.
final class RefusalSample: Sendable {
    private struct State {
        // The first refusal of each reason since the last write, and how many there were.
        var samples: [String: RefusedNotification] = [:]
        var counts: [String: Int64] = [:]
        var unlogged: [String: Int64] = [:]
        var loggedAt: ContinuousClock.Instant?
        var counters: [String: Counter] = [:]
    }

    private let state = Mutex(State())
    private let channel: String
    private let metrics: MetricsRegistry
    private let logger: Logger
    private let store: @Sendable ([RefusedNotification]) async throws -> Void

    /// How often samples are stored, in real time.
    private static let interval: Duration = .seconds(1)
    private static let logInterval: Duration = .seconds(10)
    // Reasons are few; whatever a channel's adapter makes of messages, memory is bounded.
    private static let reasonLimit = 32

    /// - Parameter store: stores samples of different reasons.
    init(
        channel: String, metrics: MetricsRegistry, logger: Logger,
        store: @escaping @Sendable ([RefusedNotification]) async throws -> Void
    ) {
        self.channel = channel
        self.metrics = metrics
        self.logger = logger
        self.store = store
    }

    /// Counts a refusal, and keeps its notification where it is the first of its reason since
    /// samples were stored.
    /// - Parameter orderNo: that the notification names, unverified.
    func record(
        _ refusal: NotificationRefusal, orderNo: String?, body: [UInt8], remoteIP: String?,
        at time: Timestamp
    ) {
        state.withLock { state in
            let isKnown = state.counters[refusal.reason] != nil
            let reason =
                isKnown || state.counters.count < Self.reasonLimit ? refusal.reason : "other"
            let counter =
                state.counters[reason]
                ?? metrics.counter(
                    "tally_notifications_refused_total",
                    help: "Notifications that were refused and not published, by reason.",
                    labels: ["reason": reason])
            state.counters[reason] = counter
            counter.increment()
            state.counts[reason, default: 0] += 1
            state.unlogged[reason, default: 0] += 1
            guard state.samples[reason] == nil else { return }
            state.samples[reason] = RefusedNotification(
                reason: reason, channel: channel, receivedAt: time, remoteIP: remoteIP,
                orderNo: orderNo, detail: refusal.detail, count: 1,
                bodyStart: Array(body.prefix(RefusedNotification.bodyLimit)),
                bodyBytes: Int32(clamping: body.count))
        }
    }

    /// Stores the samples since the last call, one a reason, and logs the counts where that is due.
    func flush(now: ContinuousClock.Instant = .now) async {
        let samples = state.withLock { state in
            let samples = state.samples.values.map {
                $0.standing(for: state.counts[$0.reason] ?? 1)
            }
            state.samples = [:]
            state.counts = [:]
            return samples.sorted { $0.reason < $1.reason }
        }
        log(now)
        guard !samples.isEmpty else { return }
        do {
            try await store(samples)
        } catch {
            // They are a sample: the metric has the counts.
            logger.debug(
                "samples of refused notifications were not stored", metadata: ["error": "\(error)"])
        }
    }

    private func log(_ now: ContinuousClock.Instant) {
        let counts = state.withLock { state -> [String: Int64] in
            if let last = state.loggedAt, now - last < Self.logInterval { return [:] }
            let counts = state.unlogged
            guard !counts.isEmpty else { return [:] }
            state.unlogged = [:]
            state.loggedAt = now
            return counts
        }
        guard !counts.isEmpty else { return }
        logger.warning(
            "notifications were refused; tally notifications refused shows a sample of them",
            metadata: Logger.Metadata(uniqueKeysWithValues: counts.map { ($0.key, "\($0.value)") }))
    }
}

extension RefusalSample: Service {
    /// Stores samples once a second until graceful shutdown, and then the last ones.
    func run() async throws {
        while !Task.isShuttingDownGracefully && !Task.isCancelled {
            try? await cancelWhenGracefulShutdown { try await Task.sleep(for: Self.interval) }
            await flush()
        }
    }
}

extension RefusedNotification {
    fileprivate func standing(for count: Int64) -> RefusedNotification {
        RefusedNotification(
            reason: reason, channel: channel, receivedAt: receivedAt, remoteIP: remoteIP,
            orderNo: orderNo, detail: detail, count: count, bodyStart: bodyStart,
            bodyBytes: bodyBytes)
    }
}
