/// A moment, in microseconds since 1970-01-01T00:00:00Z.
///
/// Times are arguments: nothing here reads a clock. Arithmetic never traps; it is clamped to the
/// range, some 292,000 years.
public struct Timestamp: Sendable, Hashable {
    /// Microseconds since 1970, UTC.
    public let microseconds: Int64

    /// The moment of these microseconds since 1970, UTC.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// The moment `seconds` later; earlier where negative.
    public func adding(seconds: Int64) -> Timestamp {
        Timestamp(
            microseconds: microseconds.saturatingAdding(
                seconds.saturatingMultiplied(by: Self.perSecond)))
    }

    /// The moment `duration` later; earlier where negative. Parts of a microsecond are dropped.
    public func adding(_ duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        let part = attoseconds / 1_000_000_000_000
        return Timestamp(
            microseconds: adding(seconds: seconds).microseconds.saturatingAdding(part))
    }

    /// Whole seconds since an earlier moment, rounded down; negative if that is the later one.
    public func seconds(since other: Timestamp) -> Int64 {
        let (difference, overflow) = microseconds.subtractingReportingOverflow(
            other.microseconds)
        let end: Int64 = microseconds < other.microseconds ? .min : .max
        return (overflow ? end : difference).flooredDivision(by: Self.perSecond).quotient
    }

    /// The time between two moments.
    public static func - (left: Timestamp, right: Timestamp) -> Duration {
        .microseconds(left.microseconds) - .microseconds(right.microseconds)
    }

    static let perSecond: Int64 = 1_000_000
    static let perDay: Int64 = 86_400_000_000
}

extension Timestamp: Comparable {
    /// Whether the left moment is the earlier.
    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.microseconds < right.microseconds
    }
}

extension Timestamp: CustomStringConvertible {
    /// RFC 3339, UTC.
    public var description: String { rfc3339 }
}
