import Foundation
import Payments
import Postgres
import TestReceivers
import TestStack
import TestWaiting

/// What four bad receivers cost the healthy ones: the time from a delivery's commit to its
/// acknowledgement, alone and beside a receiver that hangs, one that resets, one that sends without
/// end and one that sends headers only, on eight ports.
struct ShareBench {
    let bench: DeliveryBench

    private static let perSecond = 200
    private static let seconds = 20
    private static let backlog = 5_000
    private var stack: BenchStack { bench.stack }

    func run(into table: inout Table) async throws {
        let healthy = try await RawReceiver.start(.bytes(RawReceiver.success))
        try await bench.addOrders(Self.perSecond * Self.seconds)
        // The first run warms up; it isn't reported.
        _ = try await measure(healthy, bad: [])
        let alone = try await measure(healthy, bad: [])
        var bad: [RawReceiver] = []
        // Each on an address of its own, as another host is.
        for (number, answer) in Self.answers.enumerated() {
            let ports = number == 3 ? 8 : 1
            for _ in 0..<ports {
                bad.append(try await RawReceiver.start(answer, host: "127.0.0.\(number + 2)"))
            }
        }
        let beside = try await measure(healthy, bad: bad)
        for receiver in bad + [healthy] { await receiver.stop() }
        table.note(
            "healthy receivers, \(Self.perSecond) deliveries/s: p50 \(text(alone, 500)), p99 "
                + "\(text(alone, 990)) alone; beside a hanging, a resetting, an endless and a "
                + "headers-only receiver (8 ports), \(Self.backlog) due deliveries each: p50 "
                + "\(text(beside, 500)), p99 \(text(beside, 990)); p99 "
                + ratio(value(beside, 990), value(alone, 990)) + " (limit: 1.05 ×)")
    }

    private static let answers: [RawReceiver.Answer] = [
        .bytes(""), .reset, .endless("HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n"),
        .bytes("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"),
    ]

    /// Milliseconds from commit to acknowledgement, sorted.
    private func measure(_ healthy: RawReceiver, bad: [RawReceiver]) async throws -> [Double] {
        try await stack.database.execute("truncate deliveries, delivery_attempts")
        for (number, receiver) in bad.enumerated() {
            // The eight ports of the last are one party's.
            try await insertBacklog(
                of: "M\(321 + min(number, 3))", to: receiver.url, number,
                count: number < 3 ? Self.backlog : Self.backlog / 8)
        }
        let role = try bench.deliveryRole()
        try await stack.poll([role]) { try await isClaiming(bad, role) }
        let start = ContinuousClock.now
        for tick in 0..<Self.seconds * 20 {
            try await Task.sleep(until: start + .milliseconds(50 * tick))
            try await insert(tick, to: healthy.url)
        }
        let count = Self.perSecond * Self.seconds
        try await stack.poll([role]) {
            try await stack.number(
                """
                select count(*) from deliveries
                where party_no < 'M321' and status = 'acknowledged'
                """) >= count
        }
        try await stack.stop([role])
        return try await stack.database.execute(
            """
            select extract(epoch from acknowledged_at - created_at)::float8 * 1000
            from deliveries where party_no < 'M321' order by 1
            """
        ).map { try $0.double(0) }
    }

    /// Whether the role has begun: with bad receivers, every one of them has been tried.
    private func isClaiming(_ bad: [RawReceiver], _ role: TallyProcess) async throws -> Bool {
        guard bad.isEmpty else { return bad.prefix(3).allSatisfy { $0.connections > 0 } }
        return try await stack.number(
            "select count(*) from pg_stat_activity where application_name = 'tally-delivery'") > 0
    }

    private func insertBacklog(
        of partyNo: String, to url: String, _ number: Int, count: Int
    ) async throws {
        try await stack.database.execute(
            """
            insert into deliveries (delivery_id, event_id, order_no, party_no, event_type,
                refund_no, url, receiver, created_at, next_attempt_at)
            select gen_random_uuid(), gen_random_uuid(), 'D1', '\(partyNo)', 'order.paid',
                '\(number)-' || n, '\(url)', 'r', now(), now()
            from generate_series(1, \(count)) as n
            """)
    }

    /// A twentieth of a second's deliveries, to twenty merchants.
    private func insert(_ tick: Int, to url: String) async throws {
        let size = Self.perSecond / 20
        try await stack.database.execute(
            """
            insert into deliveries (delivery_id, event_id, order_no, party_no, event_type,
                url, receiver, created_at, next_attempt_at)
            select gen_random_uuid(), gen_random_uuid(), 'D' || n, 'M' || 301 + n % 20,
                'order.paid', '\(url)', 'r', clock_timestamp(), now()
            from generate_series(\(tick * size + 1), \((tick + 1) * size)) as n
            """)
    }

    private func value(_ sorted: [Double], _ permille: Int) -> Double {
        sorted.isEmpty ? 0 : sorted[min(sorted.count - 1, sorted.count * permille / 1_000)]
    }

    private func text(_ sorted: [Double], _ permille: Int) -> String {
        String(format: "%.1f ms", value(sorted, permille))
    }
}
