/// A pool's connections by state, at one moment: for metrics.
public struct PostgresPoolCounts: Hashable, Sendable {
    /// Open and free.
    public var idle: Int
    /// Borrowed.
    public var used: Int
    /// Being opened.
    public var opening: Int
    /// Requests in the queue.
    public var waiting: Int

    /// The counts by state.
    public init(idle: Int, used: Int, opening: Int, waiting: Int) {
        self.idle = idle
        self.used = used
        self.opening = opening
        self.waiting = waiting
    }
}
