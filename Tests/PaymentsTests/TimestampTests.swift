import Foundation
import Payments
import Testing

@Suite struct TimestampTests {
    /// Seconds from 1600 to 9999: Foundation's calendar is Julian before 1582, ours never is.
    private static let seconds: ClosedRange<Int64> = -11_676_096_000...253_402_300_799

    private func calendar(hours: Int) throws -> Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: hours * 3_600))
        return calendar
    }

    private func parts(_ seconds: Int64, _ calendar: Calendar) throws -> [Int] {
        let date = Date(timeIntervalSince1970: TimeInterval(seconds))
        let all = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: date)
        return try [all.year, all.month, all.day, all.hour, all.minute, all.second].map {
            try #require($0)
        }
    }

    private func text(_ parts: [Int], _ separator: String) -> String {
        let day = String(format: "%04d-%02d-%02d", parts[0], parts[1], parts[2])
        return day + separator + String(format: "%02d:%02d:%02d", parts[3], parts[4], parts[5])
    }

    @Test func bothWritingsAgreeWithTheCalendar() throws {
        let (utc, beijing) = try (calendar(hours: 0), calendar(hours: 8))
        try SeededRandom.forAll(3_000) { random in
            let seconds = random.int(Self.seconds)
            let micros = random.chance(50) ? random.int(0...999) * 1_000 : random.int(0...999_999)
            let time = Timestamp(microseconds: seconds * 1_000_000 + micros)
            let decimals =
                micros % 1_000 == 0
                ? String(format: "%03d", micros / 1_000) : String(format: "%06d", micros)
            let universal = try text(parts(seconds, utc), "T")
            #expect(time.rfc3339 == "\(universal).\(decimals)Z", random.note)
            #expect(Timestamp(rfc3339: time.rfc3339) == time, random.note)
            let local = try text(parts(seconds, beijing), " ")
            #expect(time.shanghai == local, random.note)
            #expect(
                Timestamp(shanghai: local)?.microseconds == seconds * 1_000_000, random.note)
            #expect(Timestamp(shanghai: "\(local).\(decimals)") == time, random.note)
        }
    }

    @Test func everyDayOfFourHundredYearsIsItsOwn() throws {
        var day = try #require(BusinessDay("1900-01-01"))
        let last = try #require(BusinessDay("2300-01-01"))
        var count = 0
        while day < last {
            let next = day.next
            #expect(BusinessDay(next.description) == next)
            #expect(next.previous == day)
            #expect(day.end == next.start)
            day = next
            count += 1
        }
        #expect(count == 146_097)
    }

    @Test(arguments: [
        ("2026-11-20T10:15:30Z", "2026-11-20T10:15:30.000Z"),
        ("2026-11-20t10:15:30z", "2026-11-20T10:15:30.000Z"),
        ("2026-11-20T10:15:30.1Z", "2026-11-20T10:15:30.100Z"),
        ("2026-11-20T10:15:30.123456Z", "2026-11-20T10:15:30.123456Z"),
        ("2026-11-20T10:15:30.123456789Z", "2026-11-20T10:15:30.123456Z"),
        ("2026-11-20T10:15:30+08:00", "2026-11-20T02:15:30.000Z"),
        ("2026-11-20T10:15:30.5-05:30", "2026-11-20T15:45:30.500Z"),
        ("2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"),
        ("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z"),
        ("0000-01-01T00:00:00Z", "0000-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"),
    ])
    func rfc3339IsRead(text: String, canonical: String) {
        #expect(Timestamp(rfc3339: text)?.rfc3339 == canonical)
    }

    @Test(arguments: [
        "", "2026-11-20", "2026-11-20T10:15:30", "2026-11-20 10:15:30Z", "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z",
        "2026-00-10T00:00:00Z", "2026-01-00T00:00:00Z", "2026-11-20T24:00:00Z",
        "2026-11-20T10:60:00Z", "2026-11-20T10:15:60Z", "2026-11-20T10:15:30.Z",
        "2026-11-20T10:15:30.1234567890Z", "2026-11-20T10:15:30+0800", "2026-11-20T10:15:30+24:00",
        "2026-11-20T10:15:30Z ", " 2026-11-20T10:15:30Z", "+026-11-20T10:15:30Z",
        "２026-11-20T10:15:30Z", "2026-11-20T10:15:3Z", "20261120T101530Z",
    ])
    func whatIsNoTimeIsRefused(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test(arguments: [
        "", "2026-11-20", "2026-11-20T10:15:30", "2026-11-20 10:15", "2026-11-20 10:15:30Z",
        "2026/11/20 10:15:30", "2026-11-20 10:15:30.", "0000-00-00 00:00:00",
    ])
    func whatIsNoBeijingTimeIsRefused(text: String) {
        #expect(Timestamp(shanghai: text) == nil)
    }

    @Test func arithmetic() throws {
        let time = try #require(Timestamp(rfc3339: "2026-11-20T10:15:30.5Z"))
        #expect(time.adding(seconds: -31).rfc3339 == "2026-11-20T10:14:59.500Z")
        #expect(time.adding(.milliseconds(1_501)).rfc3339 == "2026-11-20T10:15:32.001Z")
        #expect(time.adding(.milliseconds(-1_501)).rfc3339 == "2026-11-20T10:15:28.999Z")
        #expect(time.adding(seconds: 90).seconds(since: time) == 90)
        #expect(time.seconds(since: time.adding(.milliseconds(1))) == -1)
        #expect(time.adding(seconds: 2) - time == .seconds(2))
        #expect(time < time.adding(seconds: 1))
    }

    @Test func theEndsOfTheRangeHold() {
        let (first, last) = (Timestamp(microseconds: .min), Timestamp(microseconds: .max))
        #expect(last.adding(seconds: .max) == last)
        #expect(first.adding(seconds: .min) == first)
        #expect(last.adding(.seconds(Int64.max)) == last)
        #expect(last.seconds(since: first) > 0 && first.seconds(since: last) < 0)
        #expect(last - first > .seconds(18_000_000_000_000))
        for end in [first, last] {
            #expect(!end.rfc3339.isEmpty && !end.shanghai.isEmpty)
            let day = BusinessDay.containing(end)
            #expect(!day.description.isEmpty && !day.compact.isEmpty)
            #expect(day.previous.start <= day.end)
            #expect(day.adding(days: .max) >= day && day.adding(days: .min) <= day)
        }
    }
}
