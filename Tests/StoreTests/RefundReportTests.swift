import Payments
import Postgres
import Store
import Testing

/// Refunds that the channel reports before anything proves them, and those of late payments.
@Suite(.timeLimit(.minutes(2))) struct RefundReportTests {
    private let shop: Shop
    private var connection: PostgresConnection { shop.connection }

    init() async throws { shop = try await Shop.open() }

    private func notify(
        _ refundNo: String?, of orderNo: String, sum: Int64
    ) async throws {
        try await shop.observe(
            ChannelObservation(
                orderNo: orderNo,
                kind: .refunded(
                    refundNo: refundNo, refundAmount: nil, cumulative: Money(fen: sum)),
                at: Shop.noon),
            expectsChange: false)
    }

    private func reports() async throws -> [String] {
        try await connection.texts(
            "select order_no || ' ' || refund_no || ' ' || status from refund_reports "
                + "order by order_no, refund_no")
    }

    private func refunds() async throws -> [String] {
        try await connection.texts(
            "select order_no || ' ' || refund_no || ' ' || amount_fen || ' ' || status "
                + "from refunds order by order_no, refund_no")
    }

    private func request(_ refundNo: String, of orderNo: String, _ amount: Int64) async throws
        -> Bool
    {
        try await connection.run(
            RequestRefund(
                refundNo: refundNo, orderNo: orderNo, merchantNo: "M1",
                merchantRefundNo: refundNo, amount: Money(fen: amount), reason: "",
                now: Shop.noon)
        ).count == 1
    }

    @Test func aRefundMadeInTheChannelsConsoleIsFoundByItsQueryAndStoredOnce() async throws {
        try await shop.sell("a")
        try await notify("C1", of: "a", sum: 3_000)
        #expect(try await refunds() == [])
        #expect(try await reports() == ["a C1 open"])
        let claimed = try await connection.run(ClaimRefundReports(limit: 5, now: Shop.noon))
        #expect(claimed.map(\.refundNo) == ["C1"])
        try await shop.refund("C1", of: "a", amount: 3_000)
        try await notify("C1", of: "a", sum: 3_000)
        #expect(try await refunds() == ["a C1 3000 succeeded"])
        #expect(try await reports() == ["a C1 proven"])
        #expect(try await connection.run(ClaimRefundReports(limit: 5, now: Shop.noon)).isEmpty)
        #expect(try await shop.audit() == [])
    }

    @Test func twoConsoleRefundsOfTheSameAmountAtOnceAreTwo() async throws {
        try await shop.sell("a")
        try await notify("C2", of: "a", sum: 6_000)
        try await notify("C1", of: "a", sum: 3_000)
        for number in ["C1", "C2", "C1"] where try await refunds().count < 2 {
            try await shop.refund(number, of: "a", amount: 3_000)
        }
        #expect(try await refunds() == ["a C1 3000 succeeded", "a C2 3000 succeeded"])
        #expect(try await connection.number("select refunded_fen from orders") == 6_000)
        #expect(try await shop.audit() == [])
    }

    @Test func twoOrdersMayHaveConsoleRefundsOfTheSameNumber() async throws {
        for orderNo in ["a", "b"] {
            try await shop.sell(orderNo)
            try await shop.refund("1", of: orderNo, amount: 2_000)
        }
        #expect(try await refunds() == ["a 1 2000 succeeded", "b 1 2000 succeeded"])
        let lines = try [
            Shop.trade(1, "a"), Shop.trade(2, "b"), Shop.refund(3, "1", of: "a", amount: 2_000),
            Shop.refund(4, "1", of: "b", amount: 2_000),
        ]
        try await shop.settle(try await shop.reconcile("s", lines))
        #expect(try await shop.differences() == [])
        #expect(
            try await connection.number(
                "select count(*) from refunds where settlement_id is not null") == 2)
        #expect(try await shop.audit() == [])
    }

    @Test func aReportOfARequestedRefundMakesItsQueryDueAndStoresNoReport() async throws {
        try await shop.sell("a")
        #expect(try await request("r", of: "a", 3_000))
        try await connection.execute(
            "update refunds set next_attempt_at = next_attempt_at + interval '1 day'")
        try await notify("r", of: "a", sum: 3_000)
        #expect(try await reports() == [])
        #expect(
            try await connection.run(ClaimRefunds(limit: 5, now: Shop.noon)).map(\.refundNo)
                == ["r"])
    }

    @Test func aMerchantCannotRefundWhatTheChannelReportsAsRefunded() async throws {
        try await shop.sell("a")
        try await notify("C1", of: "a", sum: 3_000)
        #expect(try await !request("r1", of: "a", 7_001))
        #expect(try await request("r2", of: "a", 7_000))
    }

    @Test func aReportThatNoQueryProvesEndsAndItsStatementLineOpensItAgain() async throws {
        try await shop.sell("a")
        try await notify(nil, of: "a", sum: 2_000)
        #expect(try await reports() == ["a a open"])
        let claimed = try #require(
            try await connection.run(ClaimRefundReports(limit: 5, now: Shop.noon)).first)
        #expect(
            try await connection.runCount(
                CompleteRefundReport(
                    claimed, answer: "NOT_FOUND", nextAt: nil, now: Shop.noon)) == 1)
        #expect(try await reports() == ["a a unconfirmed"])
        #expect(
            try await connection.run(
                ClaimRefundReports(limit: 5, now: Shop.noon.adding(seconds: 864_000))
            ).isEmpty)
        let lines = try [Shop.trade(1, "a"), Shop.refund(2, "X9", of: "a", amount: 2_000)]
        try await shop.reconcile("s", lines)
        #expect(try await shop.differences() == ["channel_only X9 open"])
        #expect(try await reports() == ["a X9 open", "a a unconfirmed"])
        try await shop.refund("X9", of: "a", amount: 2_000)
        try await shop.reconcile("s2", day: Shop.day.next, [])
        #expect(try await shop.differences() == ["channel_only X9 resolved"])
        #expect(try await shop.matched() == ["a", "X9"])
    }

    // MARK: Late payments

    private func closeAndPayLate(_ rule: LatePaymentRule) async throws {
        try await shop.order("a")
        try await shop.observe(ChannelObservation(orderNo: "a", kind: .closed, at: Shop.noon))
        try await shop.observe(
            ChannelObservation(orderNo: "a", tradeNo: "Ta", kind: .paid, at: Shop.noon),
            lateRule: rule)
    }

    @Test func aLatePaymentIsKeptWhereTheRuleAcceptsIt() async throws {
        try await closeAndPayLate(.accept)
        #expect(try await refunds() == [])
        #expect(try await connection.texts("select status from orders where is_late") == ["paid"])
    }

    @Test func aLatePaymentIsRefundedOnceAndInFullWhereTheRuleSaysSo() async throws {
        try await closeAndPayLate(.refund)
        // The notification of the same payment, repeated.
        try await shop.observe(
            ChannelObservation(orderNo: "a", tradeNo: "Ta", kind: .paid, at: Shop.noon),
            lateRule: .refund, expectsChange: false)
        #expect(try await refunds() == ["a La 10000 requested"])
        #expect(try await !request("r", of: "a", 1))
        #expect(
            try await connection.run(ClaimRefunds(limit: 5, now: Shop.noon)).map(\.refundNo)
                == ["La"])
        try await shop.refund("La", of: "a", amount: 10_000)
        #expect(try await refunds() == ["a La 10000 succeeded"])
        #expect(
            try await connection.texts(
                "select event_type from order_events order by version")
                == ["order.closed", "order.paid", "order.refunded"])
        #expect(try await connection.texts("select status from orders") == ["refunded"])
        let lines = try [Shop.trade(1, "a"), Shop.refund(2, "La", of: "a", amount: 10_000)]
        let made = try await shop.settle(try await shop.reconcile("s", lines))
        #expect(made.map(\.net) == [.zero])
        #expect(try await shop.audit() == [])
    }
}
