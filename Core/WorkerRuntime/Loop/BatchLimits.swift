/// The limits of a worker's batches.
public struct BatchLimits: Sendable {
    /// The maximum number of records of a batch.
    public var records: Int
    /// How long a poll waits for the first record.
    public var wait: Duration
    /// How many consecutive records of a partition may become dead letters before it is paused;
    /// 0: no limit.
    public var poisonInARow: Int
    /// How long the worker waits for its group to assign it partitions before it joins anew.
    public var assignmentWait: Duration
    /// How long a topic's end is before the stored offset until the partition is paused: a broker
    /// that has just become the leader may say so for a moment.
    public var shortLogWait: Duration

    /// 4,000 records; polls of 100 ms; 1,000 consecutive dead letters; 90 s; 10 s.
    public init(
        records: Int = 4_000, wait: Duration = .milliseconds(100), poisonInARow: Int = 1_000,
        assignmentWait: Duration = .seconds(90), shortLogWait: Duration = .seconds(10)
    ) {
        self.records = records
        self.wait = wait
        self.poisonInARow = poisonInARow
        self.assignmentWait = assignmentWait
        self.shortLogWait = shortLogWait
    }
}
