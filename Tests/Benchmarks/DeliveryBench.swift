import Embedded
import Foundation
import Payments
import Postgres
import TestReceivers
import TestStack
import TestWaiting

/// Deliveries to a fast receiver, as many as there are a second, beside a Python sender of two
/// processes on the same rows, and one that posts alone; then a steady load at healthy receivers,
/// alone and beside four bad ones.
struct DeliveryBench {
    let stack: BenchStack
    /// Of each drain.
    let deliveries: Int

    func run(into table: inout Table) async throws {
        let fast = try await RawReceiver.start(.bytes(RawReceiver.success))
        let ours = try await drain(to: fast.url)
        table.add("deliveries, one process", ours, "claimed, made, signed, posted, stored")
        try await fill(to: fast.url)
        let work = try await python("work", fast.url)
        table.add("aiohttp, same work, two processes", work, "ours is " + ratio(ours, work))
        let raw = try await python("raw", fast.url)
        table.add("aiohttp, posts alone, two processes", raw, "ours is " + ratio(ours, raw))
        await fast.stop()
        try await ShareBench(bench: self).run(into: &table)
    }

    // MARK: Rows

    /// Makes paid orders and a due delivery of each, to 24 merchants.
    func fill(to url: String) async throws {
        try await stack.database.execute("truncate deliveries, delivery_attempts")
        try await addOrders(deliveries)
        try await stack.database.execute(
            """
            insert into deliveries (delivery_id, event_id, order_no, party_no, event_type, url,
                receiver, created_at, next_attempt_at)
            select gen_random_uuid(), gen_random_uuid(), order_no, merchant_no, 'order.paid',
                '\(url)', 'r', now(), now()
            from orders where order_no like 'D%' order by order_no limit \(deliveries)
            """)
        try await stack.database.execute("analyze deliveries")
    }

    /// The orders `D1` … that deliveries are about, unless they are there.
    func addOrders(_ count: Int) async throws {
        try await stack.database.execute(
            """
            insert into orders (order_no, merchant_no, merchant_order_no, product, amount_fen,
                subject, content_digest, channel, app_id, seller_id, chain_party_nos,
                chain_rates_ppm, merchant_fee_fen, channel_fee_fen, agent_share_fen,
                platform_share_fen, status, version, submission_id, accepted_event_id,
                accepted_at, expires_at, paid_at, channel_trade_no)
            select 'D' || n, 'M' || 301 + n % \(OrderMaker.merchants), 'D' || n, 'WAP', 100, 's',
                '', 'alipay', 'app', 'seller', '{P1,M301}', '{3800,6000}', 0, 0, 0, 0, 'paid', 2,
                gen_random_uuid(), gen_random_uuid(), now(), now(), now(), 'C' || n
            from generate_series(1, \(count)) as n on conflict do nothing
            """)
    }

    // MARK: Drains

    private func drain(to url: String) async throws -> Double {
        try await fill(to: url)
        let role = try deliveryRole()
        let done = "select count(*) from deliveries where status = 'acknowledged'"
        try await stack.poll([role]) { try await stack.number(done) > 0 }
        let (begun, start) = (try await stack.number(done), ContinuousClock.now)
        try await stack.poll([role]) { try await stack.number(done) >= deliveries }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        try await stack.stop([role])
        return Double(deliveries - begun) / seconds
    }

    func deliveryRole() throws -> TallyProcess {
        try stack.role(
            ["worker", "delivery"],
            ["TALLY_DELIVERY_ALLOW_PRIVATE": "true", "TALLY_DELIVERY_TIME_LIMIT_MS": "10000"])
    }

    private func python(_ mode: String, _ url: String) async throws -> Double {
        let options: [String: Any] = [
            "mode": mode, "database": stack.postgres.url, "url": url, "count": deliveries,
            "processes": 2, "secret": SmallBusiness.secret,
        ]
        let json = String(
            decoding: try JSONSerialization.data(withJSONObject: options), as: UTF8.self)
        let tools = FileManager.default.currentDirectoryPath
        let process = try TallyProcess(
            [tools + "/Tests/Benchmarks/delivery_peer.py", json], folder: stack.folder,
            name: "python", program: tools + "/.tally-tools/python/bin/python")
        let ending = try await process.ending(within: .seconds(600))
        guard ending.status == 0,
            let result = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
                as? [String: Double], let rate = result["rate"]
        else { throw DeadlineError(description: "delivery_peer.py: \(ending.errors)") }
        return rate
    }
}
