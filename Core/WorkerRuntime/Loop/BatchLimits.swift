/// How much a worker takes at once, and how much it puts up with.
public struct BatchLimits: Sendable {
    /// Records of a batch, at most.
    public var records: Int
    /// How long an empty poll waits before it looks around.
    public var wait: Duration
    /// How many records in a row may become dead letters before the worker stops; 0: no limit.
    public var poisonInARow: Int

    /// 4,000 records; polls of 100 ms; 1,000 dead letters in a row.
    public init(
        records: Int = 4_000, wait: Duration = .milliseconds(100), poisonInARow: Int = 1_000
    ) {
        self.records = records
        self.wait = wait
        self.poisonInARow = poisonInARow
    }
}
