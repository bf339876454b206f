import Events
import Payments
import Postgres
import Store
import Testing

/// A claim holds its row until the lease expires, and only the current claim can complete it.
@Suite(.timeLimit(.minutes(2))) struct StoredLeaseTests {
    private let shop: Shop
    private var connection: PostgresConnection { shop.connection }

    init() async throws { shop = try await Shop.open() }

    private func expireLeases(of table: String) async throws {
        try await connection.execute(
            "update \(table) set lease_until = clock_timestamp() - interval '1 s'")
    }

    // MARK: Refunds

    private func claimRefund() async throws -> ClaimRefunds.Row? {
        try await connection.run(ClaimRefunds(limit: 5, now: Shop.noon)).first
    }

    private func requestedRefund() async throws {
        try await shop.sell("a", amount: 1_000)
        let stored = try await connection.run(
            RequestRefund(
                refundNo: "r", orderNo: "a", merchantNo: "M1", merchantRefundNo: "m",
                amount: Money(fen: 400), reason: "", now: Shop.noon))
        try #require(stored.count == 1)
    }

    private func complete(refundAttempt attempt: Int32, failure: String?) async throws -> Int {
        try await connection.runCount(
            CompleteRefundAttempt(
                refundNo: "r", orderNo: "a", attempt: attempt, answer: "refund c",
                nextAt: Shop.noon, failure: failure, now: Shop.noon))
    }

    @Test func aRefundIsLeasedOnceAndCompletesUnderItsOwnAttempt() async throws {
        try await requestedRefund()
        #expect(try await claimRefund()?.attempt == 1)
        #expect(try await claimRefund() == nil)
        try await expireLeases(of: "refunds")
        #expect(try await claimRefund()?.attempt == 2)
        // The first attempt's refusal comes late: the second may have moved the money.
        #expect(try await complete(refundAttempt: 1, failure: "refused") == 0)
        #expect(try await connection.texts("select status from refunds") == ["requested"])
        #expect(try await complete(refundAttempt: 2, failure: nil) == 1)
        #expect(try await claimRefund()?.attempt == 3)
    }

    // MARK: Payouts

    private func claimPayout() async throws -> ClaimPayouts.Row? {
        try await connection.run(ClaimPayouts(limit: 5, now: Shop.noon)).first
    }

    private func requestedPayout() async throws -> String {
        try await shop.sell("a")
        try await shop.settle(try await shop.reconcile("s", [Shop.trade(1, "a")]))
        return try #require(try await connection.texts("select payout_no from payouts").first)
    }

    @Test func aPayoutIsLeasedOnceAndPostponedUnderItsOwnAttempt() async throws {
        let payoutNo = try await requestedPayout()
        func postpone(_ attempt: Int32) async throws -> Int {
            try await connection.runCount(
                PostponePayout(
                    payoutNo: payoutNo, attempt: attempt, status: "processing", bankRef: nil,
                    reason: "processing", nextAt: Shop.noon))
        }
        #expect(try await claimPayout()?.attempt == 1)
        #expect(try await claimPayout() == nil)
        try await expireLeases(of: "payouts")
        #expect(try await claimPayout()?.attempt == 2)
        #expect(try await postpone(1) == 0)
        #expect(try await claimPayout() == nil, "the late answer released the lease")
        #expect(try await postpone(2) == 1)
        #expect(try await claimPayout()?.attempt == 3)
    }

    @Test func aPayoutIsCompletedByItsOwnAttemptAlone() async throws {
        let payoutNo = try await requestedPayout()
        func complete(_ attempt: Int32, _ outcome: PayoutOutcome) async throws -> [String] {
            try await connection.run(
                CompletePayout(
                    payoutNo: payoutNo, attempt: attempt, outcome: outcome, bankRef: nil,
                    reason: nil, now: Shop.noon))
        }
        _ = try await claimPayout()
        try await expireLeases(of: "payouts")
        _ = try await claimPayout()
        // The first attempt's failure comes late: the second may have moved the money.
        #expect(try await complete(1, .failed) == [])
        #expect(try await complete(2, .succeeded) == ["M1"])
        #expect(try await complete(2, .failed) == [], "a final answer is final")
        #expect(try await connection.texts("select status from payouts") == ["succeeded"])
    }

    // MARK: Statements

    @Test func aFetchIsLeasedOnceAndCompletesUnderItsOwnAttempt() async throws {
        let (first, second) = (Shop.day, Shop.day.next)
        for day in [second, first] {
            try await connection.run(
                PlanStatementFetch(channel: "alipay", day: day, firstAt: Shop.noon))
        }
        func claim(_ channel: String = "alipay") async throws -> ClaimStatementFetch.Row? {
            try await connection.run(
                ClaimStatementFetch(channel: channel, now: Shop.noon)
            ).first
        }
        func complete(_ attempt: Int32, nextAt: Timestamp?) async throws -> Int {
            try await connection.runCount(
                CompleteStatementFetch(
                    channel: "alipay", day: first, attempt: attempt, nextAt: nextAt,
                    answer: "answer"))
        }
        #expect(try await claim("another") == nil)
        #expect(try await claim()?.day == first)
        #expect(try await claim()?.day == second)
        #expect(try await claim() == nil)
        try await expireLeases(of: "statement_fetches")
        let again = try await claim()
        #expect(again?.day == first && again?.attempt == 2)
        #expect(try await complete(2, nextAt: nil) == 1)
        #expect(try await complete(1, nextAt: Shop.noon) == 0)
        try await expireLeases(of: "statement_fetches")
        #expect(try await claim()?.day == second, "the first day was scheduled again")
    }
}
