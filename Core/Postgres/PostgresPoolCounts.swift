/// How a pool's connections stand at one moment: for metrics.
public struct PostgresPoolCounts: Hashable, Sendable {
    /// Open and free.
    public var idle: Int
    /// Lent out.
    public var used: Int
    /// Being opened.
    public var opening: Int
    /// Requests in the queue.
    public var waiting: Int

    /// The figures.
    public init(idle: Int, used: Int, opening: Int, waiting: Int) {
        self.idle = idle
        self.used = used
        self.opening = opening
        self.waiting = waiting
    }
}
