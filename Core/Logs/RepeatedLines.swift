public import Logging
import Synchronization

/// Logs lines that come again and again: of equal ones, the first and then one every 30 s with the
/// number of those between. Lines are equal where they differ in digits only (ports, durations).
public final class RepeatedLines: Sendable {
    private struct Seen {
        var next: ContinuousClock.Instant
        var skipped = 0
    }

    // Beyond so many different lines, all others are equal.
    private static let limit = 64

    private let logger: Logger
    private let interval: Duration
    private let seen = Mutex<[String: Seen]>([:])

    /// - Parameter interval: between two equal lines.
    public init(_ logger: Logger, interval: Duration = .seconds(30)) {
        self.logger = logger
        self.interval = interval
    }

    /// Logs a line, or counts it.
    /// - Parameter key: what makes lines equal; `nil` for the message.
    public func log(
        level: Logger.Level, _ message: String, metadata: Logger.Metadata = [:],
        key: String? = nil, at now: ContinuousClock.Instant = .now
    ) {
        guard level >= logger.logLevel else { return }
        guard let skipped = admit((key ?? message).filter { !$0.isNumber }, now) else { return }
        var metadata = metadata
        if skipped > 0 { metadata["skipped"] = "\(skipped)" }
        logger.log(level: level, "\(message)", metadata: metadata)
    }

    /// How many equal lines were skipped since the last one; `nil` where this one is skipped too.
    private func admit(_ key: String, _ now: ContinuousClock.Instant) -> Int? {
        seen.withLock { seen in
            if seen.count >= Self.limit { seen = seen.filter { now < $0.value.next } }
            let key = seen[key] == nil && seen.count >= Self.limit ? "" : key
            guard let last = seen[key], now < last.next else {
                let skipped = seen[key]?.skipped ?? 0
                seen[key] = Seen(next: now + interval)
                return skipped
            }
            seen[key]?.skipped += 1
            return nil
        }
    }
}
