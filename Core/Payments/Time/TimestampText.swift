/// Moments as text: RFC 3339 in the platform's messages, Beijing time in the channel's.
extension Timestamp {
    /// Reads RFC 3339: `2026-11-20T10:15:30Z`, with decimals, with an offset as `+08:00`.
    ///
    /// Years 0000 … 9999; leap seconds are refused; decimals past the sixth are dropped.
    public init?(rfc3339 text: String) {
        var text = text
        guard let time = text.withUTF8({ Timestamp(rfc3339: $0) }) else { return nil }
        self = time
    }

    /// Reads RFC 3339 from the text's bytes.
    public init?(rfc3339 text: UnsafeBufferPointer<UInt8>) {
        var scanner = TimeScanner(text)
        guard let date = scanner.date(), scanner.take("T", or: "t"),
            let time = scanner.timeOfDay(),
            let offset = scanner.offset(), scanner.isAtEnd
        else { return nil }
        self.init(date, timeOfDay: time, offset: offset)
    }

    /// RFC 3339 in UTC with milliseconds, and with microseconds where there are any:
    /// `2026-11-20T10:15:30.123Z`.
    public var rfc3339: String {
        var writer = TimeWriter()
        let micros = write(to: &writer, offset: 0, between: "T")
        writer.append(".")
        if micros % 1_000 == 0 {
            writer.append(micros / 1_000, width: 3)
        } else {
            writer.append(micros, width: 6)
        }
        writer.append("Z")
        return writer.text
    }

    /// Reads Beijing time: `2026-11-20 18:15:30`, with up to nine decimals.
    public init?(shanghai text: String) {
        var text = text
        let time = text.withUTF8 { bytes -> Timestamp? in
            var scanner = TimeScanner(bytes)
            guard let date = scanner.date(), scanner.take(" "), let time = scanner.timeOfDay(),
                scanner.isAtEnd
            else { return nil }
            return Timestamp(date, timeOfDay: time, offset: Self.shanghaiOffset)
        }
        guard let time else { return nil }
        self = time
    }

    /// Beijing time to the second, the part of a second dropped: `2026-11-20 18:15:30`.
    public var shanghai: String {
        var writer = TimeWriter()
        _ = write(to: &writer, offset: Self.shanghaiOffset, between: " ")
        return writer.text
    }

    /// China has one time zone, UTC+8, without daylight saving since 1992.
    static let shanghaiOffset: Int64 = 8 * 3_600 * perSecond

    private init(_ date: CivilDate, timeOfDay: Int64, offset: Int64) {
        self.init(microseconds: date.daysSince1970 * Self.perDay + timeOfDay - offset)
    }

    /// Writes date and time to the second, and returns the remaining microseconds.
    private func write(
        to writer: inout TimeWriter, offset: Int64, between separator: StaticString
    ) -> Int64 {
        let (days, time) = microseconds.saturatingAdding(offset)
            .flooredDivision(by: Self.perDay)
        let (seconds, micros) = time.quotientAndRemainder(dividingBy: Self.perSecond)
        writer.append(CivilDate(daysSince1970: days), separator: "-")
        writer.append(separator)
        writer.append(seconds / 3_600, width: 2)
        writer.append(":")
        writer.append(seconds / 60 % 60, width: 2)
        writer.append(":")
        writer.append(seconds % 60, width: 2)
        return micros
    }
}
