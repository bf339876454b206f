/// A `timestamptz`: a point in time, to the microsecond.
public struct PostgresTimestamp: Hashable, Comparable, Sendable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public var microsecondsSinceEpoch: Int64

    /// A point in time given in microseconds since 1970 (UTC).
    public init(microsecondsSinceEpoch: Int64) {
        self.microsecondsSinceEpoch = microsecondsSinceEpoch
    }

    /// Earlier before later.
    public static func < (left: Self, right: Self) -> Bool {
        left.microsecondsSinceEpoch < right.microsecondsSinceEpoch
    }

    /// From 1970-01-01 to 2000-01-01, the server's own epoch.
    private static let epochOffset: Int64 = 946_684_800_000_000

    /// The server's number: microseconds since 2000. A time before the server's range becomes a
    /// number that it refuses (22008), never its "-infinity".
    var serverMicroseconds: Int64 {
        let (value, overflow) = microsecondsSinceEpoch.subtractingReportingOverflow(
            Self.epochOffset)
        return overflow ? .min + 1 : max(value, .min + 1)
    }

    /// `nil` for the infinities and for years that microseconds since 1970 can't hold.
    init?(serverMicroseconds: Int64) {
        guard serverMicroseconds != .max, serverMicroseconds != .min else { return nil }
        let (value, overflow) = serverMicroseconds.addingReportingOverflow(Self.epochOffset)
        guard !overflow else { return nil }
        self.init(microsecondsSinceEpoch: value)
    }
}
