/// The points of a batch, or of a sweep's job, at which a crash leaves different states behind.
public enum CrashPoint: String, CaseIterable, Sendable {
    /// Records are polled or jobs claimed; nothing is done.
    case polled
    /// The effect is in the transaction, which isn't committed.
    case applied
    /// The effect, a batch's offsets and the outbox row are stored; nothing is published.
    case committed
    /// The outbox row's events are about to be sent.
    case publishing
    /// The broker has acknowledged them; the outbox row is still there.
    case published
}

/// Called at each crash point that a worker reaches, so that fault tests can end the process there.
public struct CrashPoints: Sendable {
    /// Called at every crash point, before the work continues.
    public let reached: @Sendable (CrashPoint) -> Void

    /// - Parameter reached: must be quick, or never return.
    public init(_ reached: @escaping @Sendable (CrashPoint) -> Void) { self.reached = reached }

    /// Does nothing.
    public static let unwatched = CrashPoints { _ in }
}
