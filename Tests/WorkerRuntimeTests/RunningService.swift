import Logging
import ServiceLifecycle
import TestWaiting

/// A service running in a group of its own, as a role's process runs it.
struct RunningService: Sendable {
    private let group: ServiceGroup
    private let task: Task<Void, any Error>
    private let cleanUp: @Sendable () async -> Void
    private let hasEnded = Signal()

    init(
        _ service: any Service, logger: Logger,
        cleanUp: @escaping @Sendable () async -> Void = {}
    ) {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [service], logger: logger))
        self.group = group
        self.cleanUp = cleanUp
        task = Task { [hasEnded] in
            let result: Result<Void, any Error>
            do { result = .success(try await group.run()) } catch { result = .failure(error) }
            await hasEnded.set()
            try result.get()
        }
    }

    /// Triggers a graceful shutdown and returns at once.
    func beginStopping() async { await group.triggerGracefulShutdown() }

    /// Waits until the service ends by itself; one that doesn't within the limit is stopped.
    func ended(within limit: Duration = .seconds(120)) async throws {
        do {
            try await eventually("the service ends", within: limit) { await hasEnded.isSet }
        } catch {
            try await stop()
            throw error
        }
        let result = await task.result
        await cleanUp()
        try result.get()
    }

    /// A stop that waits for what is unavailable has no end: this is far from it, and leaves a busy
    /// machine its time.
    static let stopLimit = Duration.seconds(30)

    /// Shuts down gracefully and returns when the service has, with the time it took.
    @discardableResult
    func stop() async throws -> Duration {
        let start = ContinuousClock.now
        await group.triggerGracefulShutdown()
        try await task.value
        let took = ContinuousClock.now - start
        await cleanUp()
        return took
    }
}
