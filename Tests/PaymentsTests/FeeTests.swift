import Foundation
import Payments
import Testing

@Suite struct FeeTests {
    @Test func theVectorsOfSingleFees() throws {
        let vectors = try Vectors.all().fees.filter { $0.kind == "fee_half_up" }
        #expect(vectors.count == 10)
        for vector in vectors {
            let terms = FeeTerms(
                rate: try Rate(ppm: #require(vector.rate_ppm)),
                minimum: Money(fen: vector.min_fen ?? 0),
                maximum: vector.max_fen.map { Money(fen: $0) })
            let fee = terms.fee(on: Money(fen: vector.amount_fen))
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
            for (rounding, mode) in [(FeeRounding.halfUp, 0), (.floor, 1)] {
                var (from, rounded) = (exact, Decimal())
                NSDecimalRound(&rounded, &from, 0, mode == 0 ? .plain : .down)
                let fee = FeeTerms(rate: rate, rounding: rounding).fee(on: amount)
                #expect(Decimal(fee.fen) == rounded, random.note)
            }
            #expect(rate.fee(on: -amount) == -rate.fee(on: amount), random.note)
        }
    }

    @Test func theFeeIsHeldBetweenLeastGreatestAndTheAmount() throws {
        let rate = try Rate(ppm: 6_000)
        let terms = FeeTerms(rate: rate, minimum: Money(fen: 10), maximum: Money(fen: 500))
        #expect(terms.fee(on: Money(fen: 100)) == Money(fen: 10))
        #expect(terms.fee(on: Money(fen: 3)) == Money(fen: 3))
        #expect(terms.fee(on: .zero) == .zero)
        #expect(terms.fee(on: Money(fen: 10_000)) == Money(fen: 60))
        #expect(terms.fee(on: Money(fen: 10_000_000_000)) == Money(fen: 500))
        #expect(terms.fee(on: Money(fen: -10_000)) == Money(fen: -60))
        #expect(terms.fee(on: Money(fen: .min)) == Money(fen: -500))
        #expect(FeeTerms(rate: rate).fee(on: Money(fen: 83)) == .zero)
        #expect(FeeTerms(rate: rate, rounding: .floor).fee(on: Money(fen: 333)).fen == 1)
    }
}
