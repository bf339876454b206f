public import Payments
import Postgres

/// The days of a report, both included.
public struct ReportDays: Sendable, Equatable {
    /// The first.
    public let from: BusinessDay
    /// The last; not before the first.
    public let to: BusinessDay

    /// - Returns: `nil` where `to` is before `from`.
    public init?(from: BusinessDay, to: BusinessDay) {
        guard from <= to else { return nil }
        self.from = from
        self.to = to
    }
}

extension PostgresBindings {
    /// Two parameters: the first and the last day as text.
    mutating func append(_ days: ReportDays) {
        append(days.from.description)
        append(days.to.description)
    }
}
