import Events
import Payments
import Postgres
import Testing

@testable import Store

/// However many dead letters there are, a page reads about as many rows as it has.
@Suite(.timeLimit(.minutes(3))) struct DeadLetterPlanTests {
    @Test func aPageOfAnyFilterReadsNoMoreThanItMust() async throws {
        let connection = try await migratedConnection()
        try await connection.executeScript(Self.rows)
        let since = Timestamp(microseconds: 1_795_147_200_000_000).adding(seconds: 10_000)
        let filters = [
            DeadLetterFilter(), DeadLetterFilter(since: since),
            DeadLetterFilter(status: .replayed), DeadLetterFilter(topic: "t1"),
            // The newest of all; none at all.
            DeadLetterFilter(topic: "rare"), DeadLetterFilter(topic: "rare", reasons: ["r2"]),
            DeadLetterFilter(reasons: ["r1", "r2"]), DeadLetterFilter(topic: "t2", reasons: ["r1"]),
            DeadLetterFilter(topic: "t2", reasons: ["r1"], since: since),
            DeadLetterFilter(key: Array("k77".utf8)),
            DeadLetterFilter(topic: "t1", key: Array("k77".utf8)),
        ]
        for filter in filters {
            let page = DeadLetterPage(filter, limit: 50)
            let statement: any PostgresStatement =
                if let key = filter.key {
                    DeadLettersOfKey(page: page, key: key)
                } else if filter.topic != nil || !filter.reasons.isEmpty {
                    DeadLettersOfKind(page: page)
                } else {
                    DeadLettersOfStatus(page: page)
                }
            try await check(statement, filter, on: connection)
        }
    }

    // Both the plan for these very values and the one a connection keeps are run and looked at.
    private func check(
        _ statement: some PostgresStatement, _ filter: DeadLetterFilter,
        on connection: PostgresConnection
    ) async throws {
        for mode in ["force_custom_plan", "force_generic_plan"] {
            try await connection.execute("set plan_cache_mode = \(mode)")
            var bindings = PostgresBindings()
            statement.bind(&bindings)
            let plan = try await connection.execute(
                "explain (analyze, buffers, costs off, timing off) " + type(of: statement).sql,
                bindings
            )
            .map { try $0.text(0) }
            let text = plan.joined(separator: "\n")
            #expect(!text.contains("Seq Scan on dead_letters"), "\(filter), \(mode):\n\(text)")
            let touched = plan.compactMap { line in
                line.firstMatch(of: /shared (?:hit=(\d+))?(?: ?read=(\d+))?/)
            }
            .first.map { (Int($0.1 ?? "0") ?? 0) + (Int($0.2 ?? "0") ?? 0) }
            let pages = try #require(touched)
            #expect(pages < 2_500, "\(filter), \(mode), \(pages) pages:\n\(text)")
        }
    }

    /// 200,000 dead letters; of 12 pairs of topic and reason most are common, one is rare.
    private static let rows = """
        insert into dead_letters (dead_letter_id, worker, origin_topic, origin_partition,
            origin_offset, record_key, record_value, record_headers, reason, error, status,
            created_at)
        select gen_random_uuid(), 'w', case when n = 200000 then 'rare' else 't' || n % 3 end,
            n % 6, n, convert_to('k' || n % 1000, 'UTF8'), convert_to(repeat('x', 200), 'UTF8'),
            '\\x00000000', 'r' || n % 4, 'e', case when n % 50 = 0 then 'replayed' else 'open' end,
            timestamptz '2026-11-20T04:00:00Z' + n * interval '0.1 s'
        from generate_series(1, 200000) as n;
        update dead_letters set status = 'open' where origin_topic = 'rare';
        analyze dead_letters
        """
}
