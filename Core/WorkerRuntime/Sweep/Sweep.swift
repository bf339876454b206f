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

    /// Claims up to `limit` rows that are due at `now`.
    /// - Parameter lanes: lanes without room: their rows are not claimed.
    func claim(
        limit: Int, excluding lanes: [String], now: Timestamp, on connection: PostgresConnection
    ) async throws -> [Job]

    /// The job's lane, e.g. the receiver's host: jobs of one lane share `laneConcurrency`, so that
    /// a slow lane leaves room for the others.
    func lane(of job: Job) -> String

    /// How many jobs of one lane run at once.
    var laneConcurrency: Int { get }

    /// Does the job and stores its outcome. An error is logged; the job is claimed again when its
    /// lease has expired.
    func perform(_ job: Job) async throws
}

extension Sweep {
    /// One lane for all.
    public func lane(of job: Job) -> String { "" }

    /// The sweep's own limit.
    public var laneConcurrency: Int { concurrency }
}
