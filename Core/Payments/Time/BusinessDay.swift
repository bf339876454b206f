/// A business day: a calendar day in Shanghai, from midnight to midnight, UTC+8.
///
/// In JSON and in the database it is `2026-11-20`.
public struct BusinessDay: Sendable, Hashable {
    // Days since 1970-01-01.
    private let number: Int64

    private init(number: Int64) { self.number = number }

    /// Reads `2026-11-20`; `nil` for anything else or a day that doesn't exist.
    public init?(_ text: String) {
        var text = text
        let date = text.withUTF8 { bytes -> CivilDate? in
            var scanner = TimeScanner(bytes)
            guard let date = scanner.date(), scanner.isAtEnd else { return nil }
            return date
        }
        guard let date else { return nil }
        number = date.daysSince1970
    }

    /// The day that a moment belongs to.
    public static func containing(_ time: Timestamp) -> BusinessDay {
        let local = time.microseconds.saturatingAdding(Timestamp.shanghaiOffset)
        return BusinessDay(number: local.flooredDivision(by: Timestamp.perDay).quotient)
    }

    /// The day's first moment.
    public var start: Timestamp {
        Timestamp(
            microseconds: number.saturatingMultiplied(by: Timestamp.perDay)
                .saturatingAdding(-Timestamp.shanghaiOffset))
    }

    /// The first moment after the day: a time `t` is in the day when `start <= t < end`.
    public var end: Timestamp { next.start }

    /// The day after.
    public var next: BusinessDay { adding(days: 1) }

    /// The day before.
    public var previous: BusinessDay { adding(days: -1) }

    /// The day `days` later; earlier where negative.
    public func adding(days: Int) -> BusinessDay {
        BusinessDay(number: Self.clamped(number.saturatingAdding(Int64(clamping: days))))
    }

    /// `20261120`: the form in file names and numbers.
    public var compact: String { text(separator: "") }

    private func text(separator: StaticString) -> String {
        var writer = TimeWriter()
        writer.append(CivilDate(daysSince1970: number), separator: separator)
        return writer.text
    }

    // Larger than any time in microseconds, and far from the limits of Int64.
    private static func clamped(_ number: Int64) -> Int64 {
        min(max(number, -1_000_000_000), 1_000_000_000)
    }
}

extension BusinessDay: Comparable {
    /// Whether the left day is the earlier.
    public static func < (left: BusinessDay, right: BusinessDay) -> Bool {
        left.number < right.number
    }
}

extension BusinessDay: CustomStringConvertible {
    /// `2026-11-20`.
    public var description: String { text(separator: "-") }
}

extension BusinessDay: Codable {
    /// Reads `"2026-11-20"`.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        let text = try value.decode(String.self)
        guard let day = BusinessDay(text) else {
            throw DecodingError.dataCorruptedError(
                in: value, debugDescription: "'\(text.prefix(40))' is not a day; write 2026-11-20")
        }
        self = day
    }

    /// Writes `"2026-11-20"`.
    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        try value.encode(description)
    }
}
