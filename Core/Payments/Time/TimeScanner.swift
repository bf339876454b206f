/// Reads the fixed-width numbers of a written time from its bytes.
struct TimeScanner {
    private var rest: ArraySlice<UInt8>

    init(_ text: String) { rest = Array(text.utf8)[...] }

    var isAtEnd: Bool { rest.isEmpty }

    /// Exactly `width` digits.
    mutating func number(width: Int) -> Int64? {
        let digits = rest.prefix(width)
        guard digits.count == width, digits.allSatisfy(Self.isDigit) else { return nil }
        rest = rest.dropFirst(width)
        return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    /// Takes the next byte if it is one of these.
    mutating func take(_ bytes: String) -> Bool {
        guard let first = rest.first, bytes.utf8.contains(first) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// `yyyy-MM-dd`.
    mutating func date() -> CivilDate? {
        guard let year = number(width: 4), take("-"), let month = number(width: 2), take("-"),
            let day = number(width: 2)
        else { return nil }
        return CivilDate(year: year, month: month, day: day)
    }

    /// `HH:mm:ss` and, if a point follows, one to nine decimals; in microseconds of the day.
    mutating func timeOfDay() -> Int64? {
        guard let hour = number(width: 2), take(":"), let minute = number(width: 2), take(":"),
            let second = number(width: 2), hour < 24, minute < 60, second < 60
        else { return nil }
        let whole = ((hour * 60 + minute) * 60 + second) * 1_000_000
        guard take(".") else { return whole }
        let decimals = rest.prefix(while: Self.isDigit)
        guard (1...9).contains(decimals.count) else { return nil }
        rest = rest.dropFirst(decimals.count)
        // Past the sixth decimal nothing is kept.
        let six = (Array(decimals) + Array(repeating: UInt8(ascii: "0"), count: 5)).prefix(6)
        return whole + six.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    /// `Z` or `±HH:MM`, in microseconds to take from the local time.
    mutating func offset() -> Int64? {
        if take("Zz") { return 0 }
        let isWest = rest.first == UInt8(ascii: "-")
        guard take("+-"), let hour = number(width: 2), take(":"), let minute = number(width: 2),
            hour < 24, minute < 60
        else { return nil }
        let microseconds = (hour * 60 + minute) * 60_000_000
        return isWest ? -microseconds : microseconds
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }
}
