/// Reads the fixed-width numbers of a written time from its bytes.
struct TimeScanner {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0

    /// - Parameter bytes: must outlive the scanner.
    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }

    /// Exactly `width` digits.
    mutating func number(width: Int) -> Int64? {
        guard bytes.count - place >= width else { return nil }
        var number: Int64 = 0
        for byte in bytes[place..<place + width] {
            guard let digit = Self.digit(byte) else { return nil }
            number = number * 10 + digit
        }
        place += width
        return number
    }

    /// Reads the next byte if it is one of these two.
    mutating func take(_ wanted: Unicode.Scalar, or other: Unicode.Scalar? = nil) -> Bool {
        guard place < bytes.count else { return false }
        let next = Unicode.Scalar(bytes[place])
        guard next == wanted || next == other else { return false }
        place += 1
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
        // Decimals after the sixth are dropped.
        var (microseconds, weight) = (Int64(0), Int64(100_000))
        let first = place
        while place < bytes.count, let digit = Self.digit(bytes[place]) {
            microseconds += digit * weight
            weight /= 10
            place += 1
        }
        return (1...9).contains(place - first) ? whole + microseconds : nil
    }

    /// `Z` or `±HH:MM`: the microseconds to subtract from local time.
    mutating func offset() -> Int64? {
        if take("Z", or: "z") { return 0 }
        let isWest = place < bytes.count && bytes[place] == UInt8(ascii: "-")
        guard take("+", or: "-"), let hour = number(width: 2), take(":"),
            let minute = number(width: 2), hour < 24, minute < 60
        else { return nil }
        let microseconds = (hour * 60 + minute) * 60_000_000
        return isWest ? -microseconds : microseconds
    }

    private static func digit(_ byte: UInt8) -> Int64? {
        let value = byte &- UInt8(ascii: "0")
        return value < 10 ? Int64(value) : nil
    }
}
