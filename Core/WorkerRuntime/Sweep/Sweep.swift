public import Payments
public import Postgres

/// Work that becomes due by the clock instead of arriving on a topic: deliveries, inquiries,
/// payouts.
///
/// A claim is a lease on rows: it raises each row's attempt number and sets a time, in real time,
/// until which no other process claims it. Completing a job compares the attempt number, so a job
/// whose lease expired and was claimed again completes once.
public protocol Sweep: Sendable {
    /// One claimed row.
    associatedtype Job: Sendable

    /// The sweep's name, for logs and metrics.
    var name: String { get }
    /// How many jobs run at once.
    var concurrency: Int { get }

    /// Claims up to `limit` rows that are due at `now`: fewer, where the sweep bounds how many of
    /// one peer run at once.
    func claim(
        limit: Int, now: Timestamp, on connection: PostgresConnection
    ) async throws -> [Job]

    /// Does the job and stores its outcome. An error is logged; the job is claimed again when its
    /// lease has expired.
    func perform(_ job: Job) async throws
}
