/// A `date`: a day of the calendar, without a zone.
public struct PostgresDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    public var daysSinceEpoch: Int32

    /// A day given in days since 1970-01-01.
    public init(daysSinceEpoch: Int32) {
        self.daysSinceEpoch = daysSinceEpoch
    }

    /// Earlier before later.
    public static func < (left: Self, right: Self) -> Bool {
        left.daysSinceEpoch < right.daysSinceEpoch
    }

    /// From 1970-01-01 to 2000-01-01, the server's own epoch.
    private static let epochOffset: Int32 = 10_957

    /// The server's number: days since 2000. A day before the server's range becomes a number that
    /// it refuses (22008), never its "-infinity".
    var serverDays: Int32 {
        let (value, overflow) = daysSinceEpoch.subtractingReportingOverflow(Self.epochOffset)
        return overflow ? .min + 1 : max(value, .min + 1)
    }

    /// `nil` for the infinities.
    init?(serverDays: Int32) {
        guard serverDays != .max, serverDays != .min else { return nil }
        let (value, overflow) = serverDays.addingReportingOverflow(Self.epochOffset)
        guard !overflow else { return nil }
        self.init(daysSinceEpoch: value)
    }
}
