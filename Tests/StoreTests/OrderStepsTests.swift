import Payments
import Postgres
import Store
import Testing

/// The timeline of an order, and what is stuck, as they are stored.
@Suite(.timeLimit(.minutes(2))) struct OrderStepsTests {
    private let shop: Shop
    private var connection: PostgresConnection { shop.connection }

    init() async throws { shop = try await Shop.open() }

    @Test func theTimelineHasEveryStepFromTheRequestToTheSettlement() async throws {
        try await shop.order("a")
        _ = try await connection.run(RequestClose(orderNo: "a", now: Shop.noon))
        let due = Shop.noon.adding(seconds: 60)
        let claimed = try #require(
            try await connection.run(ClaimInquiries(limit: 1, now: due)).first)
        _ = try await connection.run(
            CompleteInquiry(
                orderNo: "a", attempt: claimed.attempt, method: "close", answer: "NOT_EXIST",
                nextAt: due, closeWasRequested: true, now: due))
        try await shop.pay("a", at: due)
        try await shop.observe(
            ChannelObservation(
                orderNo: "a",
                kind: .refunded(
                    refundNo: "C1", refundAmount: nil, cumulative: Money(fen: 1_000)), at: due),
            expectsChange: false, at: due)
        try await shop.refund("C1", of: "a", amount: 1_000, at: due)
        let lines = try [Shop.trade(1, "a"), Shop.refund(2, "C1", of: "a", amount: 1_000)]
        try await shop.settle(try await shop.reconcile("s", at: due.adding(seconds: 60), lines))
        let steps = try await connection.run(OrderSteps("a"))
        #expect(steps.map(\.at) == steps.map(\.at).sorted())
        #expect(
            Set(steps.map(\.kind)) == [
                .event, .closeRequested, .inquiry, .refundReported, .refundSucceeded, .matched,
                .settled, .payoutRequested,
            ])
        let facts = try #require(try await connection.run(OrderFacts("a")).first)
        #expect(facts.closeRequestedAt == Shop.noon)
        #expect(facts.reportedRefund == Money(fen: 1_000))
        #expect(facts.matchedDay == "2026-11-20")
        #expect(facts.payoutStatus == "requested")
        #expect(facts.lastAnswer == "NOT_EXIST")
        #expect(try await connection.run(OrderFacts("nothing")).isEmpty)
    }

    @Test func anOrderIsStuckWhenItsPaymentTimeHasEndedWithoutAFinalAnswer() async throws {
        for orderNo in ["closed", "paid", "open"] { try await shop.order(orderNo) }
        try await shop.pay("paid")
        try await shop.observe(ChannelObservation(orderNo: "closed", kind: .closed, at: Shop.noon))
        let expiry = Shop.noon.adding(seconds: 1_800)
        // The inquiry at the expiry got no usable answer: the next is an hour later.
        try await connection.execute(
            "update orders set next_inquiry_at = expires_at + interval '1 hour' "
                + "where next_inquiry_at is not null")
        func stuck(_ time: Timestamp) async throws -> [String] {
            try await connection.run(StuckOrders(overdueBefore: time, limit: 9)).map(\.orderNo)
        }
        #expect(try await stuck(expiry) == [])
        #expect(try await stuck(expiry.adding(seconds: 1)) == ["open"])
    }

    @Test func anOrderWhoseInquiryWasNotMadeIsStuckBeforeItsExpiryToo() async throws {
        try await shop.order("a")
        let due = Shop.noon.adding(seconds: 30)
        #expect(try await connection.run(StuckOrders(overdueBefore: due, limit: 9)).isEmpty)
        let row = try #require(
            try await connection.run(
                StuckOrders(overdueBefore: due.adding(seconds: 1), limit: 9)
            ).first)
        #expect(row.orderNo == "a" && row.attempts == 0 && row.lastAnswer == nil)
    }

    @Test func aRefundIsStuckUntilItsOutcomeIsKnown() async throws {
        try await shop.sell("a")
        _ = try await connection.run(
            RequestRefund(
                refundNo: "r", orderNo: "a", merchantNo: "M1", merchantRefundNo: "m",
                amount: Money(fen: 500), reason: "", now: Shop.noon))
        try await shop.observe(
            ChannelObservation(
                orderNo: "a",
                kind: .refunded(
                    refundNo: "C1", refundAmount: nil, cumulative: Money(fen: 1_000)),
                at: Shop.noon),
            expectsChange: false)
        func stuck() async throws -> [String] {
            try await connection.run(
                StuckRefunds(overdueBefore: Shop.noon.adding(seconds: 1), limit: 9)
            ).map { "\($0.refundNo) \($0.status)" }
        }
        #expect(try await stuck() == ["C1 open", "r requested"])
        try await shop.refund("r", of: "a", amount: 500)
        try await shop.refund("C1", of: "a", amount: 1_000)
        #expect(try await stuck() == [])
    }
}
