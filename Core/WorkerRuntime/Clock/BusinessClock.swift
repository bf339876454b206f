public import Payments

/// The clock of business time: order windows, expiry, retry and inquiry schedules, business days.
///
/// Liveness (leases, time limits of a request, back-off) isn't business time and never uses this
/// clock.
public protocol BusinessClock: Sendable {
    /// The business time now.
    func now() -> Timestamp

    /// Returns once the business time is at or past `deadline`; throws when the task is cancelled.
    func sleep(until deadline: Timestamp) async throws
}

/// The machine's clock: the only one that a production role accepts.
public struct SystemClock: BusinessClock {
    /// The machine's clock.
    public init() {}

    /// The wall clock's time.
    public func now() -> Timestamp {
        Timestamp(microseconds: WallClock.microseconds())
    }

    /// Sleeps for the difference, in real time.
    public func sleep(until deadline: Timestamp) async throws {
        let left = deadline.microseconds - now().microseconds
        if left > 0 { try await Task.sleep(for: .microseconds(left)) }
    }
}
