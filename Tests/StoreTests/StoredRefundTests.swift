import Payments
import Postgres
import Store
import Testing

@testable import Settlement

/// Refunds in the ledger: what they reverse, when they are settled.
@Suite(.timeLimit(.minutes(2))) struct StoredRefundTests {
    private let shop: Shop
    private var connection: PostgresConnection { shop.connection }

    init() async throws { shop = try await Shop.open() }

    // The merchant's fee of 83 fen at 6,000 ppm is 0, of 166 fen 1 fen, of 249 fen 1 fen.
    @Test func aRefundReversesTheDifferenceOfTheSums() async throws {
        try await shop.sell("a", of: "M2", amount: 249)
        for number in 1...3 { try await shop.refund("r\(number)", of: "a", amount: 83) }
        let rows = try await connection.execute(
            "select refunded_before_fen, merchant_fee_fen, channel_fee_fen, platform_share_fen "
                + "from refunds order by refund_no"
        ).map { row in try (0...3).map { try row.int64($0) } }
        #expect(rows == [[0, 0, 0, 0], [83, 1, 1, 0], [166, 0, 0, 0]])
        let kept = try await connection.execute(
            "select merchant_fee_fen, channel_fee_fen, platform_share_fen from orders")[0]
        #expect(try (0...2).map { try kept.int64($0) } == [0, 0, 0])
        #expect(try await shop.audit() == [])
    }

    // The answer's amount leaves out what a coupon paid; the request's is what was refunded.
    @Test func aFailedRefundThatIsProvenHasOneAmountInItsRowAndTheBooks() async throws {
        try await shop.sell("a")
        try await connection.execute(
            """
            insert into refunds (refund_no, order_no, merchant_no, merchant_refund_no, amount_fen,
                reason, origin, status, failure, requested_at, completed_at)
            select 'r', order_no, merchant_no, 'MR', 3000, '', 'merchant', 'failed', 'REFUSED',
                now(), now() from orders
            """)
        try await shop.refund("r", of: "a", amount: 2_500)
        let row = try await connection.execute(
            "select status, amount_fen, (select refunded_fen from orders) from refunds")[0]
        #expect(try row.text(0) == "succeeded")
        #expect(try [row.int64(1), row.int64(2)] == [3_000, 3_000])
        #expect(try await shop.audit() == [])
    }

    @Test func anUnmatchedRefundIsNotSettled() async throws {
        try await shop.sell("a")
        try await shop.refund("r", of: "a", amount: 1_000)
        let made = try await shop.settle(try await shop.reconcile("s", [Shop.trade(1, "a")]))
        #expect(made.map(\.net.fen) == [10_000 - 60])
        #expect(
            try await connection.texts("select refund_no from settlement_items") == [""])
        #expect(
            try await connection.number(
                "select count(*) from refunds where settlement_id is null") == 1)
        let next = try await shop.settle(
            try await shop.reconcile(
                "s2", day: Shop.day.next, [Shop.refund(1, "r", of: "a", amount: 1_000, fee: 4)]))
        #expect(next.map(\.net.fen) == [-(1_000 - 6)])
    }

    @Test func anUnmatchedOrderIsNotSettled() async throws {
        for orderNo in ["a", "b"] { try await shop.sell(orderNo) }
        let made = try await shop.settle(try await shop.reconcile("s", [Shop.trade(1, "a")]))
        #expect(made.map(\.net.fen) == [10_000 - 60])
        #expect(
            try await connection.texts("select order_no from settlement_items") == ["a"])
    }

    @Test func aFailedPayoutReturnsToTheMerchantsPayable() async throws {
        try await shop.sell("a")
        try await shop.settle(try await shop.reconcile("s", [Shop.trade(1, "a")]))
        let net = Money(fen: 10_000 - 60)
        let payable = Account.merchantPayable(partyNo: "M1")
        #expect(try await shop.balance(payable) == 0)
        #expect(try await shop.balance(.payoutInTransit) == -net.fen)
        let failed = try PayoutJournal.failed("P", "M1", net)
        #expect(failed.kind == .payoutFailed && failed.reference == "P")
        _ = try await connection.run(PostJournal(failed, now: Shop.noon))
        #expect(try await shop.balance(payable) == -net.fen)
        #expect(try await shop.balance(.payoutInTransit) == 0)
        #expect(try await shop.balance(.bank) == 0)
    }

    @Test func aPaidPayoutLeavesTheBank() async throws {
        try await shop.sell("a")
        try await shop.settle(try await shop.reconcile("s", [Shop.trade(1, "a")]))
        let net = Money(fen: 10_000 - 60)
        _ = try await connection.run(
            PostJournal(try PayoutJournal.succeeded("P", net), now: Shop.noon))
        #expect(try await shop.balance(.merchantPayable(partyNo: "M1")) == 0)
        #expect(try await shop.balance(.payoutInTransit) == 0)
        #expect(try await shop.balance(.bank) == -net.fen)
    }
}
