import Logging
import ServiceLifecycle

/// A service running in a group of its own, as a role's process runs it.
struct RunningService: Sendable {
    private let group: ServiceGroup
    private let task: Task<Void, any Error>
    private let cleanUp: @Sendable () async -> Void

    init(
        _ service: any Service, logger: Logger,
        cleanUp: @escaping @Sendable () async -> Void = {}
    ) {
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(services: [service], logger: logger))
        self.group = group
        self.cleanUp = cleanUp
        task = Task { try await group.run() }
    }

    /// Triggers a graceful shutdown and returns at once.
    func beginStopping() async { await group.triggerGracefulShutdown() }

    /// Waits until the service ends by itself.
    func ended() async throws {
        let result = await task.result
        await cleanUp()
        try result.get()
    }

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
