/// Writes the fixed-width numbers of a time as bytes.
struct TimeWriter {
    private var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(32) }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Plain characters.
    mutating func append(_ characters: StaticString) {
        characters.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Decimal digits with leading zeros; more than `width` of them where the number needs more.
    mutating func append(_ number: Int64, width: Int) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        let first = bytes.count
        var rest = number.magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0 || bytes.count - first < width
        bytes[first...].reverse()
    }

    /// `2026-11-20`, with the separator asked for.
    mutating func append(_ date: CivilDate, separator: StaticString) {
        append(date.year, width: 4)
        append(separator)
        append(date.month, width: 2)
        append(separator)
        append(date.day, width: 2)
    }
}
