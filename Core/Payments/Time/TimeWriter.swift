/// Writes the fixed-width numbers of a time as bytes.
struct TimeWriter {
    private var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(32) }

    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Characters as they are.
    mutating func append(_ characters: StaticString) {
        characters.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Decimal digits with leading zeros; more than `width` of them where the number needs more.
    mutating func append(_ number: Int64, width: Int) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        var count = 1
        var probe = number.magnitude / 10
        while probe > 0 {
            count += 1
            probe /= 10
        }
        count = max(count, width)
        var rest = number.magnitude
        let first = bytes.count
        for _ in 0..<count { bytes.append(UInt8(ascii: "0")) }
        for place in (first..<first + count).reversed() {
            bytes[place] += UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }

    /// `2026-11-20`, with this separator.
    mutating func append(_ date: CivilDate, separator: StaticString) {
        append(date.year, width: 4)
        append(separator)
        append(date.month, width: 2)
        append(separator)
        append(date.day, width: 2)
    }
}
