import Foundation
import Payments
import Testing

@Suite struct BusinessDayTests {
    /// From 1992 on, after Shanghai's last summer time: from 1998, and up to 2,000 days back.
    @Test func theDayIsThatOfShanghaisCalendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "Asia/Shanghai"))
        try SeededRandom.forAll(3_000) { random in
            let seconds = random.int(883_612_800...4_102_444_800)
            let date = Date(timeIntervalSince1970: TimeInterval(seconds))
            let all = calendar.dateComponents([.year, .month, .day], from: date)
            let numbers = try [all.year, all.month, all.day].map { try #require($0) }
            let day = BusinessDay.containing(Timestamp(microseconds: seconds * 1_000_000))
            let text = String(format: "%04d-%02d-%02d", numbers[0], numbers[1], numbers[2])
            #expect(day.description == text, random.note)
            #expect(day.compact == text.replacingOccurrences(of: "-", with: ""), random.note)
            let start = calendar.startOfDay(for: date)
            #expect(
                day.start.microseconds == Int64(start.timeIntervalSince1970) * 1_000_000,
                random.note)
            let step = random.int(-2_000...2_000)
            let moved = try #require(calendar.date(byAdding: .day, value: Int(step), to: start))
            #expect(
                day.adding(days: Int(step)).start.microseconds
                    == Int64(moved.timeIntervalSince1970) * 1_000_000, random.note)
        }
    }

    @Test func theDayIsHalfOpen() throws {
        let day = try #require(BusinessDay("2026-11-20"))
        #expect(day.start.rfc3339 == "2026-11-19T16:00:00.000Z")
        #expect(day.end.rfc3339 == "2026-11-20T16:00:00.000Z")
        #expect(BusinessDay.containing(day.start) == day)
        #expect(BusinessDay.containing(day.end) == day.next)
        let last = Timestamp(microseconds: day.end.microseconds - 1)
        #expect(BusinessDay.containing(last) == day)
        #expect(day.previous.description == "2026-11-19")
        #expect(try #require(BusinessDay("2026-12-31")).next.compact == "20270101")
        #expect(try #require(BusinessDay("2024-02-28")).next.description == "2024-02-29")
    }

    @Test(arguments: [
        "", "2026-11-31", "2026-2-01", "20261120", "2026-11-20 ", "2026-11-20T00:00:00Z",
        "2025-02-29", "1900-02-29", "-026-01-01", "２026-01-01",
    ])
    func whatIsNoDayIsRefused(text: String) { #expect(BusinessDay(text) == nil) }

    @Test func jsonIsTheDaysText() throws {
        let days = [try #require(BusinessDay("2026-11-20"))]
        let data = try JSONEncoder().encode(days)
        #expect(String(decoding: data, as: UTF8.self) == #"["2026-11-20"]"#)
        #expect(try JSONDecoder().decode([BusinessDay].self, from: data) == days)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([BusinessDay].self, from: Data(#"["2026-11-31"]"#.utf8))
        }
    }
}
