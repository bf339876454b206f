import Events
import Payments
import Postgres
import Testing

@testable import Store

/// The statements of the hot path find their rows by an index, however many there are.
@Suite(.timeLimit(.minutes(3))) struct PlanTests {
    private static func populated() async throws -> PostgresConnection {
        let shop = try await Shop.open()
        try await shop.connection.executeScript(Self.rows)
        return shop.connection
    }

    @Test func theHotPathReadsNoTableWhole() async throws {
        let connection = try await Self.populated()
        let now = Shop.noon
        let hot: [any PostgresStatement] = [
            ClaimDeliveries(
                limit: 100, rooms: ["M1": .init(first: 0, beyond: 0, inFlight: 0)],
                roomOfOthers: 4, roomBeyond: 100, now: now),
            ClaimInquiries(limit: 100, now: now), ClaimRefunds(limit: 100, now: now),
            ClaimRefundReports(limit: 100, now: now),
            ReportRefunds([.init(orderNo: "o1", refundNo: "c")], orderNos: ["o1"], now: now),
            CompleteRefundAttempt(
                refundNo: "r1", orderNo: "o1", attempt: 1, answer: "a", nextAt: now,
                failure: nil, now: now),
            RequestLateRefunds(["o1"], now: now),
            OldestUnresolvedOrder(), ClaimPayouts(limit: 100, now: now),
            LockOrders((0..<500).map { "o\($0)" }),
            ExistingOrders(
                merchantNos: (0..<500).map { "M\($0)" },
                merchantOrderNos: (0..<500).map { "m\($0)" }),
            UsedNumbers(try (0..<50).map { try Shop.newOrder("new\($0)") }),
            OrderByMerchantNo(merchantNo: "M1", merchantOrderNo: "m1"), OrderByNo("o1"),
            DeliveriesOfOrder("o1"), RefundsOfOrders(["o1"]), OrderSteps("o1"),
            OrderFacts("o1"), StuckOrders(overdueBefore: now, limit: 10),
            StuckRefunds(overdueBefore: now, limit: 10),
            RefundByMerchantNo(merchantNo: "M1", merchantRefundNo: "m1"),
            CompleteInquiry(
                orderNo: "o1", attempt: 1, method: "m", answer: "a", nextAt: now,
                closeWasRequested: false, now: now),
            CompleteDeliveries(
                (0..<100).map { _ in
                    .init(
                        id: .make(at: now), attempt: 1, outcome: .exhausted, httpStatus: nil,
                        error: "e", milliseconds: 1, endedAt: now)
                }), ReturnDelivery(id: .make(at: now), attempt: 1),
            DeliveryPageOfOrder(page: .init(.init(orderNo: "o1"), limit: 51)),
            DeliveryPageOfParty(page: .init(.init(partyNo: "M1"), limit: 51)),
            ExhaustedDeliveryPage(page: .init(.init(status: .exhausted), limit: 51)),
            AnyDeliveryPage(page: .init(.init(), limit: 51)),
            NewestOrders(before: nil, limit: 51), NewestOrders(before: "o5", limit: 51),
            NewestOrdersOfMerchants(["M1", "M2"], before: nil, limit: 51),
            OrdersOfNumber("m1", limit: 20), SeeSession(tokenHash: [1], now: now),
        ]
        for statement in hot { try await check(statement, connection) }
    }

    private func check(
        _ statement: some PostgresStatement, _ connection: PostgresConnection
    ) async throws {
        let sql = type(of: statement).sql
        var bindings = PostgresBindings()
        statement.bind(&bindings)
        let custom = try await connection.execute("explain (costs off) " + sql, bindings)
            .map { try $0.text(0) }
        // The plan that a connection keeps once it has prepared the statement often enough.
        try await connection.execute("prepare kept as " + sql)
        let count = try await connection.number(
            "select cardinality(parameter_types)::bigint from pg_prepared_statements "
                + "where name = 'kept'")
        let nulls = repeatElement("null", count: Int(count)).joined(separator: ", ")
        try await connection.execute("set plan_cache_mode = force_generic_plan")
        let generic = try await connection.texts(
            "explain (costs off) execute kept" + (count > 0 ? "(\(nulls))" : ""))
        try await connection.execute("reset plan_cache_mode")
        try await connection.execute("deallocate kept")
        for plan in [custom, generic] {
            let whole = plan.filter {
                $0.contains(/Seq Scan on (orders|deliveries|refunds|payouts|order_events)\b/)
            }
            #expect(
                whole.isEmpty,
                "\(type(of: statement)) reads a table whole:\n\(plan.joined(separator: "\n"))")
        }
    }

    /// 200,000 orders, deliveries and refunds, 20,000 payouts; of each a few are due.
    private static let rows = """
        insert into orders (order_no, merchant_no, merchant_order_no, product, amount_fen, subject,
            content_digest, channel, app_id, seller_id, chain_party_nos, chain_rates_ppm,
            merchant_fee_fen, channel_fee_fen, agent_share_fen, platform_share_fen, status,
            submission_id, accepted_event_id, accepted_at, expires_at, paid_at, next_inquiry_at)
        select 'o' || n, 'M' || n % 1000, 'm' || n, 'PC', 100, 's', '', 'alipay', 'app', 'seller',
            '{P,M}', '{3800,6000}', 0, 0, 0, 0,
            case when n % 200 = 0 then 'accepted' else 'paid' end, gen_random_uuid(),
            gen_random_uuid(), at, at,
            case when n % 200 <> 0 then at end, case when n % 200 = 0 then at end
        from generate_series(1, 200000) as n,
            lateral (select timestamptz '2026-11-20T04:00:00Z' + n * interval '0.1 s' as at) as t;
        insert into deliveries (delivery_id, event_id, order_no, party_no, event_type, url,
            receiver, status, created_at, next_attempt_at)
        select gen_random_uuid(), gen_random_uuid(), 'o' || n, 'M' || n % 1000, 'order.paid', 'u',
            'r' || n % 50, case when n % 200 = 0 then 'pending' else 'acknowledged' end, now(),
            case when n % 200 = 0
                then timestamptz '2026-11-20T04:00:00Z' + n * interval '0.1 s' end
        from generate_series(1, 200000) as n;
        insert into refunds (refund_no, order_no, merchant_no, merchant_refund_no, amount_fen,
            origin, status, requested_at, next_attempt_at)
        select 'r' || n, 'o' || n, 'M' || n % 1000, 'm' || n, 1, 'merchant',
            case when n % 200 = 0 then 'requested' else 'succeeded' end, now(),
            case when n % 200 = 0
                then timestamptz '2026-11-20T04:00:00Z' + n * interval '0.1 s' end
        from generate_series(1, 200000) as n;
        insert into order_events
        select 'o' || n, 2, gen_random_uuid(), 'order.paid', 'notify', '', now(), now()
        from generate_series(1, 200000) as n;
        insert into parties (party_no, kind, parent_no, name)
        select 'X' || n, 'merchant', 'P', 'n' from generate_series(1, 200) as n;
        insert into statements
        select 's' || n, 'alipay', 'a', '2026-11-20', '', 'complete', 0, 0, 0, 0, 0, now(), now()
        from generate_series(1, 100) as n;
        insert into reconciliations
        select 'R' || n, 'alipay', '2026-11-20', 's' || n, 0, 0, 0, 0, 0, 0, 0, now()
        from generate_series(1, 100) as n;
        insert into settlements (settlement_id, reconciliation_id, merchant_no, day, order_count,
            refund_count, gross_fen, refunded_fen, merchant_fee_fen, channel_fee_fen,
            agent_share_fen, platform_share_fen, net_fen, settled_at)
        select 'S' || r || '-' || m, 'R' || r, 'X' || m, '2026-11-20', 1, 0, 1, 0, 0, 0, 0, 0, 1,
            now() from generate_series(1, 100) as r, generate_series(1, 200) as m;
        insert into payouts (payout_no, settlement_id, merchant_no, amount_fen, status,
            requested_at, next_attempt_at)
        select 'P' || settlement_id, settlement_id, merchant_no, 1,
            case when merchant_no = 'X7' then 'requested' else 'succeeded' end, now(),
            case when merchant_no = 'X7' then timestamptz '2026-11-20T04:00:00Z' end
        from settlements;
        analyze
        """
}
