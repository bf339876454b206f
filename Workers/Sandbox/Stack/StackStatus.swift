package import Store

/// A running stack at one moment, for a status line.
package struct StackStatus: Sendable, Equatable {
    /// What the database holds.
    package let counts: LiveCounts.Row
    /// Records behind the ends of all topics; `nil` where a role didn't say.
    package let lag: Int64?

    /// A stack at one moment.
    package init(counts: LiveCounts.Row, lag: Int64?) {
        self.counts = counts
        self.lag = lag
    }
}
