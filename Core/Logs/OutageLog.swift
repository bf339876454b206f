public import Logging
import Synchronization

/// Logs something that stays unavailable: a line when it begins, then one every 30 s with the
/// number of failures since, and a line when it has ended.
///
/// One for each thing that can be unavailable; its callers may run at the same time.
public final class OutageLog: Sendable {
    private let logger: Logger
    private let level: Logger.Level
    private let state: Mutex<OutageState>

    /// - Parameters:
    ///   - level: of the lines about failures; the end is logged at `notice`.
    ///   - interval: between two lines while it lasts.
    public init(
        _ logger: Logger, level: Logger.Level = .warning, interval: Duration = .seconds(30)
    ) {
        self.logger = logger
        self.level = level
        state = Mutex(OutageState(interval: interval))
    }

    /// One more failure.
    /// - Parameters:
    ///   - message: what failed; the same text at every failure.
    ///   - metadata: of this failure, for example its error; used only where a line is logged.
    public func failed(
        _ message: Logger.Message, metadata: @autoclosure () -> Logger.Metadata = [:],
        at now: ContinuousClock.Instant = .now
    ) {
        guard let line = state.withLock({ $0.failed(at: now) }) else { return }
        var metadata = metadata()
        if line.failures > 1 {
            metadata["failures"] = "\(line.failures)"
            metadata["seconds"] = "\(line.lasted.components.seconds)"
        }
        logger.log(level: level, message, metadata: metadata)
    }

    /// It works: logs that the outage has ended, where one was logged. Cheap otherwise.
    /// - Parameter message: what works again.
    public func recovered(
        _ message: Logger.Message, at now: ContinuousClock.Instant = .now
    ) {
        guard let end = state.withLock({ $0.recovered(at: now) }) else { return }
        logger.notice(
            message,
            metadata: [
                "failures": "\(end.failures)", "seconds": "\(end.lasted.components.seconds)",
            ])
    }
}
