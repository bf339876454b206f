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
            "item_amounts",
            """
            update settlement_items set merchant_fee_fen = merchant_fee_fen + 1,
                platform_share_fen = platform_share_fen + 1 where order_no = 'a'
            """, "a"
        ),
        (
            "item_amounts",
            // Of M1's two agents one has a fen of the other's.
            """
            update settlement_items set agent_shares_fen[1] = agent_shares_fen[1] + 1,
                agent_shares_fen[2] = agent_shares_fen[2] - 1 where order_no = 'b'
                and refund_no = ''
            """, "b"
        ),
        (
            "refund_fees",
            """
            update refunds set merchant_fee_fen = merchant_fee_fen + 1,
                agent_share_fen = agent_share_fen + 1
            """, "b"
        ),
        (
            "settlement_journal_amounts",
            // A share that goes to another account; the journal still balances.
            """
            alter table journal_entries disable trigger user;
            insert into accounts (account, kind) values ('bank', 'bank') on conflict do nothing;
            update journal_entries set account = 'bank' where account = 'platform_revenue'
                and journal_id in (select journal_id from journals where kind = 'settlement')
            """, nil
        ),
        (
            "payout_journal_amounts",
            """
            alter table journal_entries disable trigger user;
            update journal_entries set amount_fen = 2 * amount_fen where journal_id in (
                select journal_id from journals where kind = 'payout_requested')
            """, nil
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
            "difference_resolution",
            """
            insert into users (user_no, login, role, password_hash, created_at, created_by)
            values ('U9', 'finance', 'finance', 'h', now(), 't');
            insert into differences (channel, day, statement_id, line_no, kind, line_kind, order_no,
                channel_amount_fen, channel_fee_fen, status, resolution, opened_at, resolved_at)
            values ('alipay', '2026-11-20', 's', 9, 'channel_only', 'trade', 'x', 100, 1,
                'resolved', 'r', now(), now());
            insert into difference_resolutions (difference_id, action, reason, comment, stake_fen,
                adjustment_fen, limit_fen, made_by, made_at, status)
            select difference_id, 'write_off', 'rounding', '', 99, 99, 1000, 'U9', now(), 'applied'
            from differences
            """, nil
        ),
        (
            "difference_journal",
            """
            insert into accounts (account, kind)
            values ('reconciliation_difference', 'reconciliation_difference');
            with j as (
                insert into journals (kind, reference, posted_at)
                values ('difference_resolved', '999', now()) returning journal_id
            )
            insert into journal_entries (journal_id, account, amount_fen)
            select journal_id, account, amount
            from j, (values ('channel_receivable', 5), ('reconciliation_difference', -5))
                as e (account, amount)
            """, "999"
        ),
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

    /// One fen in any money column of the books: the audit names it, or the database refuses it.
    @Test(arguments: ["settlements", "settlement_items", "refunds", "payouts", "journal_entries"])
    func aFenInAnyMoneyColumnIsNoticed(table: String) async throws {
        let shop = try await Shop.open()
        for orderNo in ["a", "b"] { try await shop.sell(orderNo) }
        try await shop.refund("r", of: "b", amount: 400)
        try await shop.settle(
            try await shop.reconcile(
                "s",
                [
                    Shop.trade(1, "a"), Shop.trade(2, "b"),
                    Shop.refund(3, "r", of: "b", amount: 400),
                ]))
        let connection = shop.connection
        let columns = try await connection.texts(
            """
            select column_name::text from information_schema.columns
            where table_name = '\(table)' and column_name like '%\\_fen' and data_type = 'bigint'
            """)
        #expect(!columns.isEmpty)
        try await connection.execute("alter table \(table) disable trigger user")
        for column in columns {
            let change = "update \(table) set \(column) = \(column)"
            let changed: String
            do {
                changed = try await connection.texts(
                    "\(change) + 1 where ctid = (select ctid from \(table) limit 1) "
                        + "returning ctid::text")[0]
            } catch let error as PostgresError where error.sqlState == "23514" {
                // Refused by a constraint.
                continue
            }
            #expect(try await !shop.audit().isEmpty, "\(table).\(column)")
            try await connection.execute("\(change) - 1 where ctid = '\(changed)'")
        }
        #expect(try await shop.audit() == [])
    }

    @Test func everyInvariantHasAPlantedBreach() {
        let named = AuditLedger.sql.matches(of: /select '(\w+)',/).map { String($0.1) }
        #expect(Set(named) == Set(Self.plants.map(\.invariant)))
    }

    @Test func aPaidOrderWithADifferenceOrNoStatementYetIsExplained() async throws {
        let shop = try await Shop.open()
        try await shop.sell("a")
        #expect(try await shop.audit() == [])
        try await shop.reconcile("s", [])
        #expect(try await shop.audit() == [])
    }
}
