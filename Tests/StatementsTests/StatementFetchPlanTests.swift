import Channels
import Payments
import Testing

@testable import Statements
@testable import Store

@Suite struct StatementFetchPlanTests {
    private static let day = BusinessDay("2026-11-20") ?? .containing(Timestamp(microseconds: 0))

    /// Reads a file of one byte as a statement of as many payments of 1.00 yuan.
    private struct Reader: StatementReader {
        let account: ChannelAccount

        init(billAccount: String? = "bills-1") {
            account = ChannelAccount(
                channel: "test", appID: "app-1", sellerID: "s", billAccount: billAccount)
        }

        func statement(in file: [UInt8], of day: BusinessDay) throws(BillError) -> Statement {
            guard let count = file.first else { throw .incomplete(missing: "everything") }
            return TestStatements.statement(of: day, lines: Int(count))
        }
    }

    private func time(_ text: String) throws -> Timestamp {
        try #require(Timestamp(shanghai: text))
    }

    private func decision(
        _ download: BillDownload, hasPaidOrders: Bool = false, at text: String,
        _ reader: Reader = Reader()
    ) throws -> StatementFetchPlan.Decision {
        let job = ClaimStatementFetch.Row(
            day: Self.day, attempt: 1, hasPaidOrders: hasPaidOrders)
        return try StatementFetchPlan.decision(
            on: download, of: job, reader: reader, now: try time(text))
    }

    @Test(arguments: [
        ("2026-11-21 00:00:00", "2026-11-20"), ("2026-11-21 07:59:59", "2026-11-20"),
        ("2026-11-21 08:00:00", "2026-11-20"), ("2026-11-21 23:59:59", "2026-11-20"),
        ("2026-11-22 00:00:00", "2026-11-21"),
    ])
    func daysAreCutAtMidnightInShanghai(now: String, yesterday: String) throws {
        let day = try #require(BusinessDay(yesterday))
        let fetches = StatementFetchPlan.fetches(at: try time(now))
        #expect(fetches.map(\.day) == [day, day.next])
    }

    @Test func aDaysBillIsFirstDownloadedOnTheNextMorningAfterNine() throws {
        let fetches = StatementFetchPlan.fetches(at: try time("2026-11-21 10:00:00"))
        #expect(fetches.first?.firstAt == (try time("2026-11-21 09:05:00")))
        #expect(fetches.last?.firstAt == (try time("2026-11-22 09:05:00")))
    }

    @Test func aFileIsStoredWithItsBytes() throws {
        let expected = TestStatements.statement(of: Self.day, lines: 2)
        #expect(
            try decision(.file([2]), at: "2026-11-21 09:05:00") == .store(expected, file: [2]))
    }

    @Test func aFileThatIsNotTheBillIsRefused() {
        #expect(throws: BillError.incomplete(missing: "everything")) {
            try decision(.file([]), at: "2026-11-21 09:05:00")
        }
    }

    @Test func aBillThatIsNotAvailableYetIsDownloadedAgainInTenMinutes() throws {
        let now = try time("2026-11-21 09:05:00")
        #expect(
            try decision(.notYet, at: "2026-11-21 09:05:00") == .retry(reason: "not available yet"))
        #expect(StatementFetchPlan.retryAt(after: now) == now.adding(seconds: 600))
    }

    @Test(arguments: [
        (false, "2026-11-21 13:59:59", false), (false, "2026-11-21 14:00:00", true),
        (true, "2026-11-21 14:00:00", false), (true, "2026-11-25 14:00:00", false),
    ])
    func noDataIsBelievedAfterTwoOClockAndNeverBesidePaidOrders(
        hasPaidOrders: Bool, now: String, isStored: Bool
    ) throws {
        let decision = try decision(.empty, hasPaidOrders: hasPaidOrders, at: now)
        let empty = StatementFetchPlan.Decision.store(
            .empty(account: "bills-1", day: Self.day), file: [])
        #expect((decision == empty) == isStored)
    }

    @Test func anEmptyDayIsOfTheAppWhereTheBillAccountIsNotConfigured() throws {
        let decision = try decision(
            .empty, at: "2026-11-21 14:00:00", Reader(billAccount: nil))
        #expect(decision == .store(.empty(account: "app-1", day: Self.day), file: []))
    }
}
