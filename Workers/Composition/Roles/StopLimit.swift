import Foundation
import Logging
import ServiceLifecycle
import Synchronization

/// Ends the process where its services haven't stopped in time after SIGTERM, whatever they wait
/// for. Nothing is lost by that: what was in flight is done again, as after a crash.
///
/// The last of its group: services are stopped one after another, beginning with the last.
final class StopLimit: Service {
    private let limit: TimeInterval
    private let logger: Logger
    private let isOver = Atomic(false)

    /// - Parameter limit: from the signal to the end of the process.
    init(limit: TimeInterval, logger: Logger) {
        self.limit = limit
        self.logger = logger
    }

    func run() async throws {
        try? await gracefulShutdown()
        guard Task.isShuttingDownGracefully else { return }
        // A thread of its own: the others may all be blocked.
        Thread.detachNewThread { [self] in
            Thread.sleep(forTimeInterval: limit)
            guard !isOver.load(ordering: .acquiring) else { return }
            logger.error(
                "the role didn't stop in time: ending the process",
                metadata: ["seconds": "\(limit)"])
            _exit(EXIT_FAILURE)
        }
    }

    /// The services have stopped.
    func end() { isOver.store(true, ordering: .releasing) }
}
