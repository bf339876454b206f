import Events
import Payments
import Postgres
import Store
import Testing

/// A business day begins and ends at midnight in Shanghai, 16:00 UTC of the day before.
@Suite(.timeLimit(.minutes(2))) struct StoredDayTests {
    private let shop: Shop
    private let day: BusinessDay
    /// 00:30 in Shanghai of the day after; the same day in UTC.
    private let afterMidnight: Timestamp
    /// 00:30 in Shanghai of the day; the day before in UTC.
    private let firstHour: Timestamp

    init() async throws {
        shop = try await Shop.open()
        day = try #require(BusinessDay("2026-11-20"))
        afterMidnight = try #require(Timestamp(rfc3339: "2026-11-20T16:30:00Z"))
        firstHour = try #require(Timestamp(rfc3339: "2026-11-19T16:30:00Z"))
    }

    @Test func anOrderPaidAfterMidnightIsNotMissedByTheDayBefore() async throws {
        try await shop.sell("first", at: firstHour)
        try await shop.sell("next", at: afterMidnight)
        let reconciled = try await shop.reconcile("s", day: day, [Shop.trade(1, "first")])
        #expect(reconciled.matched == 1)
        #expect(reconciled.platformOnly == 0)
    }

    @Test func theAuditExpectsAnOrderInTheStatementOfItsShanghaiDay() async throws {
        try await shop.sell("next", at: afterMidnight)
        try await shop.reconcile("s1", day: day, [])
        #expect(try await shop.audit() == [])
        // A complete statement of the next day, which was never reconciled, has to explain it.
        try await shop.connection.execute(
            """
            insert into statements select 's2', channel, account, day + 1, '\\x02', status,
                0, 0, 0, 0, 0, imported_at, completed_at from statements
            """)
        #expect(try await shop.audit().map(\.invariant) == ["paid_order_explained"])
    }

    @Test func aFetchKnowsWhetherOrdersWerePaidOnItsShanghaiDay() async throws {
        try await shop.sell("first", at: firstHour)
        try await shop.sell("next", at: Shop.noon)
        try await shop.connection.execute(
            "update orders set channel = 'another' where order_no = 'next'")
        for day in [day.previous, day, day.next] {
            try await shop.connection.run(
                PlanStatementFetch(channel: "alipay", day: day, firstAt: Shop.noon))
        }
        var hasPaidOrders: [Bool] = []
        for _ in 0..<3 {
            let claimed = try await shop.connection.run(
                ClaimStatementFetch(channel: "alipay", now: Shop.noon))
            hasPaidOrders.append(try #require(claimed.first).hasPaidOrders)
        }
        #expect(hasPaidOrders == [false, true, false])
    }
}
