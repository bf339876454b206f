import Foundation
import Payments
import Postgres
import Store
import Testing

/// channel ≤ agent ≤ … ≤ merchant at every moment, on every path, whoever writes a rate.
@Suite(.timeLimit(.minutes(2))) struct RateOrderTests {
    private let url: String
    private let shop: Shop
    private var connection: PostgresConnection { shop.connection }
    // From the platform down: P, A1, A2, M1; and M3 directly below A1.
    private static let rates: [(String, Int64)] = [
        ("P", 3_800), ("A1", 4_500), ("A2", 5_000), ("M1", 6_000), ("M3", 5_500),
    ]

    init() async throws {
        url = try await migratedDatabase()
        shop = try await Shop.open(at: url)
        for (partyNo, ppm) in Self.rates {
            try await set(partyNo, ppm, from: Timestamp(microseconds: 0), on: shop.connection)
        }
    }

    private func set(
        _ partyNo: String, _ ppm: Int64, from: Timestamp = Shop.noon,
        on connection: PostgresConnection
    ) async throws {
        try await connection.run(
            PutRate(partyNo: partyNo, product: .pc, rate: Rate(ppm: ppm), effectiveFrom: from))
    }

    @Test(
        arguments: [
            ("A2", 6_001), ("A2", 4_499), ("A1", 5_001), ("P", 4_501), ("M1", 4_999), ("M3", 4_499),
        ] as [(String, Int64)])
    func aRateOutOfOrderIsRefusedWhicheverSideItIsSetOn(partyNo: String, ppm: Int64) async throws {
        await #expect(throws: PostgresError.self) {
            try await set(partyNo, ppm, on: connection)
        }
        try await set(partyNo, Self.rates.first { $0.0 == partyNo }?.1 ?? 0, on: connection)
    }

    @Test func aFutureRateIsComparedWithWhatIsInForceThen() async throws {
        let later = Shop.noon.adding(seconds: 86_400)
        try await set("M1", 9_000, from: later, on: connection)
        // Before the merchant's rise the agent's would be above it.
        await #expect(throws: PostgresError.self) {
            try await set("A2", 8_000, from: later.adding(seconds: -1), on: connection)
        }
        try await set("A2", 8_000, from: later, on: connection)
        // Taking the merchant's rise back would uncover the agent's.
        await #expect(throws: PostgresError.self) {
            try await connection.execute("delete from rates where rate_ppm = 9000")
        }
    }

    @Test func severalRatesOfOneTransactionAreComparedAtItsEnd() async throws {
        try await connection.transaction { transaction in
            for (partyNo, ppm) in [("A1", 7_000), ("A2", 7_500), ("M1", 8_000), ("M3", 7_000)] {
                _ = try await transaction.run(
                    PutRate(
                        partyNo: partyNo, product: .pc, rate: Rate(ppm: Int64(ppm)),
                        effectiveFrom: Shop.noon))
            }
        }
    }

    @Test func whoStandsInTheWayIsNamed() async throws {
        struct Undo: Error {}
        do {
            try await connection.transaction { transaction in
                _ = try await transaction.run(
                    PutRate(
                        partyNo: "A1", product: .pc, rate: Rate(ppm: 5_800),
                        effectiveFrom: Shop.noon))
                let found = try await transaction.run(
                    RateConflicts(partyNo: "A1", product: .pc))
                #expect(found.map(\.upperNo) == ["A1", "A1"])
                #expect(found.map(\.lowerNo) == ["A2", "M3"])
                #expect(found.map(\.upperPPM) == [5_800, 5_800])
                #expect(found.map(\.lowerPPM) == [5_000, 5_500])
                #expect(found.map(\.since) == [Shop.noon, Shop.noon])
                throw Undo()
            }
        } catch is Undo {}
    }

    @Test func eightWritersAtOnceNeverLeaveAPathOutOfOrder() async throws {
        let random = SeededRandom()
        let refused = try await withThrowingTaskGroup(of: Int.self) { group in
            for writer in 0..<8 {
                group.addTask {
                    var random = random
                    for _ in 0..<writer * 1_000 { _ = random.next() }
                    let own = try await PostgresConnection.connect(url, logger: quiet)
                    var refused = 0
                    for _ in 0..<25 {
                        let (partyNo, usual) = Self.rates[Int(random.int(0...4))]
                        let ppm = max(0, usual + random.int(-900...900))
                        let from = Shop.noon.adding(seconds: random.int(0...5) * 3_600)
                        do {
                            try await set(partyNo, ppm, from: from, on: own)
                        } catch let error as PostgresError where error.sqlState == "23514" {
                            refused += 1
                        }
                    }
                    await own.close()
                    return refused
                }
            }
            return try await group.reduce(0, +)
        }
        #expect((1..<200).contains(refused), random.note)
        // With arithmetic of its own: at each moment of any rate, every pair on every path.
        let history = try await connection.run(RateHistory(Self.rates.map(\.0)))
        func rate(_ partyNo: String, at moment: Timestamp) throws -> Rate {
            try #require(
                history.last { $0.partyNo == partyNo && $0.effectiveFrom <= moment }?.rate)
        }
        for moment in Set(history.map(\.effectiveFrom)) {
            for path in [["P", "A1", "A2", "M1"], ["P", "A1", "M3"]] {
                let rates = try path.map { try rate($0, at: moment) }
                #expect(rates == rates.sorted(), random.note)
            }
        }
    }
}
