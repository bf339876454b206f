/// The limits of a worker's batches.
public struct BatchLimits: Sendable {
    /// The maximum number of records of a batch.
    public var records: Int
    /// How long a poll waits for the first record.
    public var wait: Duration
    /// How many consecutive records may become dead letters before the worker stops; 0: no limit.
    public var poisonInARow: Int

    /// 4,000 records; polls of 100 ms; 1,000 consecutive dead letters.
    public init(
        records: Int = 4_000, wait: Duration = .milliseconds(100), poisonInARow: Int = 1_000
    ) {
        self.records = records
        self.wait = wait
        self.poisonInARow = poisonInARow
    }
}
