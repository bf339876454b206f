import Payments
import Postgres
import Store
import Testing

@Suite(.timeLimit(.minutes(2))) struct AuditTests {
    /// A breach of each invariant, planted past every check of the database.
    static let plants: [(invariant: String, sql: String, subject: String?)] = [
        (
            "journal_balances",
            """
            alter table journal_entries disable trigger user;
            update journal_entries set amount_fen = amount_fen + 1
            where account = 'platform_revenue'
            """, nil
        ),
        (
            "fee_split",
            """
            update orders set agent_share_fen = -1,
                platform_share_fen = merchant_fee_fen - channel_fee_fen + 1 where order_no = 'a'
            """, "a"
        ),
        (
            "fee_of_rates",
            """
            update orders set merchant_fee_fen = merchant_fee_fen + 1,
                platform_share_fen = platform_share_fen + 1 where order_no = 'a'
            """, "a"
        ),
        (
            "refunds_add_up",
            "update refunds set amount_fen = amount_fen + 1 where refund_no = 'r'", "b"
        ),
        (
            "paid_order_explained",
            """
            update orders set status = 'paid', paid_at = accepted_at, next_inquiry_at = null
            where order_no = 'open'
            """, "open"
        ),
        (
            "order_in_progress_explained",
            "update orders set next_inquiry_at = null where order_no = 'open'", "open"
        ),
        (
            "order_not_overdue",
            "update orders set expires_at = '2026-11-20T03:00:00Z' where order_no = 'open'",
            "open"
        ),
        (
            "settlement_items_add_up",
            "update settlement_items set amount_fen = amount_fen + 1 where order_no = 'a'", nil
        ),
        (
            "settlement_has_journal",
            """
            alter table journals disable trigger user;
            update journals set reference = 'gone' where kind = 'settlement'
            """, nil
        ),
        ("settlement_paid_or_carried", "delete from payouts", nil),
        (
            "payout_has_journal",
            "update payouts set status = 'succeeded', next_attempt_at = null", nil
        ),
        ("payout_amount", "update payouts set amount_fen = amount_fen + 1", nil),
        (
            "outbox_is_published",
            """
            insert into outbox (worker, sources, events, event_count, created_at)
            values ('w', '{}', '', 1, now() - interval '1 hour')
            """, "1"
        ),
    ]

    @Test(arguments: plants.indices) func aPlantedBreachIsFound(index: Int) async throws {
        let plant = Self.plants[index]
        let shop = try await Shop.open()
        try await shop.sell("a")
        try await shop.sell("b")
        try await shop.refund("r", of: "b", amount: 400)
        try await shop.settle(
            try await shop.reconcile(
                "s",
                [
                    Shop.trade(1, "a"), Shop.trade(2, "b"),
                    Shop.refund(3, "r", of: "b", amount: 400),
                ]))
        try await shop.order("open")
        #expect(try await shop.audit() == [])
        try await shop.connection.executeScript(plant.sql)
        let breaches = try await shop.audit()
        let found = breaches.filter { $0.invariant == plant.invariant }
        #expect(found.count == 1, "\(breaches)")
        if let subject = plant.subject { #expect(found.first?.subject == subject) }
        #expect(found.first?.detail.isEmpty == false)
    }

    @Test func everyInvariantHasAPlantedBreach() {
        let named = AuditLedger.sql.matches(of: /select '(\w+)',/).map { String($0.1) }
        #expect(named == Self.plants.map(\.invariant))
    }

    @Test func aPaidOrderWithADifferenceOrNoStatementYetIsExplained() async throws {
        let shop = try await Shop.open()
        try await shop.sell("a")
        #expect(try await shop.audit() == [])
        try await shop.reconcile("s", [])
        #expect(try await shop.audit() == [])
    }
}
