package import Payments
package import Store

/// How far a played day has got.
package struct DayProgress: Sendable {
    /// The day's clock.
    package let now: Timestamp
    /// From 0 to 1, in business time.
    package let share: Double
    /// What the database holds.
    package let counts: LiveCounts.Row
    /// The faults that have happened, by kind.
    package let faults: [(fault: FaultCase, count: Int)]

    /// A moment of a day.
    package init(
        now: Timestamp, share: Double, counts: LiveCounts.Row,
        faults: [(fault: FaultCase, count: Int)]
    ) {
        self.now = now
        self.share = share
        self.counts = counts
        self.faults = faults
    }
}
