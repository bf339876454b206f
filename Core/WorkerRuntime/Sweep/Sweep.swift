public import Payments
public import Postgres

/// Work that falls due by the clock instead of arriving on a topic: deliveries, inquiries, payouts.
///
/// A claim is a lease on rows: it raises each row's attempt number and sets a time, in real time,
/// until which nobody else takes it. Completing a job compares the attempt number, so a job whose
/// lease ran out and was taken by another completes once.
public protocol Sweep: Sendable {
    /// What one claimed row is.
    associatedtype Job: Sendable

    /// The sweep's name, for logs and metrics.
    var name: String { get }
    /// How many jobs run at once.
    var concurrency: Int { get }

    /// Leases up to `limit` rows that are due at `now`.
    /// - Parameter lanes: lanes that have no room: rows of theirs are to be left.
    func claim(
        limit: Int, excluding lanes: [String], now: Timestamp, on connection: PostgresConnection
    ) async throws -> [Job]

    /// What must not be crowded out by others, or crowd them out: a receiver's host. Jobs of one
    /// lane share `laneConcurrency`.
    func lane(of job: Job) -> String

    /// How many jobs of one lane run at once.
    var laneConcurrency: Int { get }

    /// Does the job and stores its outcome. An error is logged; the lease runs out and the job
    /// comes again.
    func perform(_ job: Job) async throws
}

extension Sweep {
    /// One lane for all.
    public func lane(of job: Job) -> String { "" }

    /// No narrower than the sweep.
    public var laneConcurrency: Int { concurrency }
}
