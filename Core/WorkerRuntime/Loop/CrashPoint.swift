/// The moments of a batch, or of a sweep's job, that a crash leaves in different states.
public enum CrashPoint: String, CaseIterable, Sendable {
    /// Records or jobs are in hand; nothing is done.
    case polled
    /// The effect is in the transaction, which isn't committed.
    case applied
    /// The effect, a batch's offsets and the outbox row are stored; nothing is published.
    case committed
    /// The outbox row's events are about to go to the producer.
    case publishing
    /// The broker has acknowledged them; the outbox row is still there.
    case published
}

/// Is told of each step that a worker reaches, so that fault tests can end the process there.
public struct CrashPoints: Sendable {
    /// Called on every step, before the work goes on.
    public let reached: @Sendable (CrashPoint) -> Void

    /// - Parameter reached: must be quick, or never return.
    public init(_ reached: @escaping @Sendable (CrashPoint) -> Void) { self.reached = reached }

    /// Nobody is told.
    public static let unwatched = CrashPoints { _ in }
}
