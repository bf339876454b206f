import Postgres
import TestStack

/// Intake beside itself: with an empty table, and with many orders stored already.
struct GrownBench {
    let stack: BenchStack
    let orders: Int
    /// How many are stored for the second drain.
    let rows: Int

    func run(into table: inout Table) async throws {
        // The first drain warms the servers up; it isn't reported.
        _ = try await Drain.run(on: stack, processes: 1, 0..<orders)
        let empty = try await Drain.run(on: stack, processes: 1, orders..<2 * orders)
        table.add("intake, \(orders) orders stored", empty.rate, empty.note)
        try await fill()
        let grown = try await Drain.run(on: stack, processes: 1, 2 * orders..<3 * orders)
        table.add(
            "intake, \(rows) orders stored", grown.rate,
            ratio(grown.rate, empty.rate) + " of the empty table's")
    }

    // Orders of the days before: paid, settled, none with anything due.
    private func fill() async throws {
        let piece = 1_000_000
        for start in stride(from: 0, to: rows, by: piece) {
            try await stack.database.execute(
                """
                insert into orders (order_no, merchant_no, merchant_order_no, product, amount_fen,
                    subject, content_digest, channel, app_id, seller_id, chain_party_nos,
                    chain_rates_ppm, merchant_fee_fen, channel_fee_fen, agent_share_fen,
                    platform_share_fen, status, version, channel_trade_no, submission_id,
                    accepted_event_id, accepted_at, expires_at, paid_at, matched_statement_id,
                    matched_day, settlement_id)
                select 'T20260101A' || n, 'M' || 301 + n % \(OrderMaker.merchants), 'A' || n, 'WAP',
                    10000, 'order ' || n, sha256(n::text::bytea), 'alipay', 'app', 'seller',
                    array['P1', 'A1', 'M' || 301 + n % \(OrderMaker.merchants)],
                    '{3800,4800,6000}', 60, 38, 12, 10, 'paid', 2, 'C' || n, gen_random_uuid(),
                    gen_random_uuid(), at, at, at, 'S' || n / 100000, at::date, 'S' || n / 1000
                from generate_series(\(start)::bigint, \(min(start + piece, rows) - 1)) as n,
                    lateral (select timestamptz '2026-01-01' + n * interval '1 s' as at) as t
                """)
        }
        try await stack.database.execute("vacuum analyze orders")
        try await stack.database.execute("checkpoint")
    }
}
