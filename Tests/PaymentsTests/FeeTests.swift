import Foundation
import Payments
import Testing

@Suite struct FeeTests {
    @Test func theVectorsOfSingleFees() throws {
        let vectors = try Vectors.all().fees.filter { $0.kind == "fee_half_up" }
            .filter { ($0.min_fen ?? 0) == 0 && $0.max_fen == nil }
        #expect(vectors.count >= 5)
        for vector in vectors {
            let rate = try Rate(ppm: #require(vector.rate_ppm))
            let fee = rate.fee(on: Money(fen: vector.amount_fen))
            #expect(fee.fen == vector.fee_fen, "\(vector)")
        }
    }

    @Test func theVectorsOfChains() throws {
        let vectors = try Vectors.all().fees.filter {
            $0.kind == "chain_difference_of_rounded_fees"
        }
        #expect(vectors.count == 5)
        for vector in vectors {
            // The vectors run from the merchant up, ours from the channel down.
            let rates = try #require(vector.rates_ppm).reversed().map { try Rate(ppm: $0) }
            let amount = Money(fen: vector.amount_fen)
            let split = try FeeSplit.of(amount, rates: rates)
            #expect(rates.reversed().map { $0.fee(on: amount).fen } == vector.fees_fen)
            #expect(
                split.shares.reversed().map(\.fen) == vector.shares_fen_top_is_nearest_merchant)
            #expect(split.channelFee.fen == vector.channel_cost_fen)
        }
    }

    @Test func aRateIsFromNothingToTheWhole() throws {
        for ppm: Int64 in [-1, 1_000_001, .min, .max] {
            #expect(throws: RateError(ppm: ppm)) { try Rate(ppm: ppm) }
        }
        #expect(try Rate(ppm: 0).fee(on: Money(fen: .max)) == .zero)
        for fen in [Int64.max, .min, 0, 1, -1] {
            #expect(try Rate(ppm: 1_000_000).fee(on: Money(fen: fen)) == Money(fen: fen))
        }
        #expect(try Rate(ppm: 1) < Rate(ppm: 2))
        #expect(RateError(ppm: -1).description.contains("-1 ppm"))
    }

    @Test func aRateIsABareIntegerInJSON() throws {
        let rates = try [Rate(ppm: 6_000)]
        let data = try JSONEncoder().encode(rates)
        #expect(String(decoding: data, as: UTF8.self) == "[6000]")
        #expect(try JSONDecoder().decode([Rate].self, from: data) == rates)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Rate].self, from: Data("[1000001]".utf8))
        }
    }

    /// The oracle works in Decimal, the code in 128-bit integers.
    @Test func theFeeIsTheRoundedProduct() throws {
        try SeededRandom.forAll(5_000) { random in
            let amount = Money(fen: random.wide(upTo: random.chance(50) ? 10_000_000_000 : .max))
            let rate = try Rate(ppm: random.wide(upTo: 1_000_000))
            let exact = Decimal(amount.fen) * Decimal(rate.ppm) / 1_000_000
            var (from, rounded) = (exact, Decimal())
            NSDecimalRound(&rounded, &from, 0, .plain)
            #expect(Decimal(rate.fee(on: amount).fen) == rounded, random.note)
            #expect(rate.fee(on: -amount) == -rate.fee(on: amount), random.note)
        }
    }

    @Test func halfAFenRoundsUpAndLessRoundsDown() throws {
        for (amount, ppm, fee) in [
            (83, 6_000, 0), (84, 6_000, 1), (250, 6_000, 2), (249, 6_000, 1), (50, 10_000, 1),
            (49, 10_000, 0), (150, 10_000, 2), (1, 500_000, 1), (1, 499_999, 0),
        ] as [(Int64, Int64, Int64)] {
            #expect(
                try Rate(ppm: ppm).fee(on: Money(fen: amount)).fen == fee,
                "\(amount) fen at \(ppm) ppm")
        }
    }
}
