import Payments
import Postgres
import Testing

/// The database's arithmetic is the domain's.
@Suite(.timeLimit(.minutes(2))) struct FeeFunctionTests {
    @Test func feesAgreeWithTheDomain() async throws {
        var random = SeededRandom()
        let connection = try await migratedConnection()
        let edges: [(Int64, Int64)] = [
            (0, 6_000), (1, 0), (1, 1_000_000), (10_000_000_000, 1_000_000), (50, 10_000),
            (49, 10_000), (83, 6_000), (84, 6_000),
        ]
        let cases =
            edges
            + (0..<5_000).map { _ in (random.int(0...10_000_000_000), random.int(0...1_000_000)) }
        var bindings = PostgresBindings()
        bindings.append(cases.map(\.0))
        bindings.append(cases.map { Int32($0.1) })
        let rows = try await connection.execute(
            """
            select fee_fen(amount, rate) from unnest($1::bigint[], $2::int[])
                with ordinality as n (amount, rate, place) order by place
            """, bindings)
        for (row, (amount, ppm)) in zip(rows, cases) {
            let expected = try Rate(ppm: ppm).fee(on: Money(fen: amount))
            #expect(try row.int64(0) == expected.fen, "\(amount) at \(ppm) ppm, \(random.note)")
        }
    }

    @Test func agentsSharesAgreeWithTheDomain() async throws {
        var random = SeededRandom()
        let connection = try await migratedConnection()
        for _ in 0..<300 {
            let amount = random.int(0...10_000_000_000)
            let ppms = (0..<random.int(2...7)).map { _ in random.int(0...1_000_000) }.sorted()
            var bindings = PostgresBindings()
            bindings.append(amount)
            bindings.append(ppms.map { Int32($0) })
            let row = try await connection.execute(
                "select agent_shares_fen($1::bigint, $2::int[])", bindings)[0]
            let split = try FeeSplit.of(
                Money(fen: amount), rates: ppms.map { try Rate(ppm: $0) })
            #expect(
                try row.int64Array(0) == split.shares.dropFirst().map(\.fen),
                "\(amount) at \(ppms), \(random.note)")
        }
    }
}
