import Payments
import Testing

@Suite struct FeeSplitTests {
    private func rates(_ random: inout SeededRandom) throws -> [Rate] {
        let highest = random.chance(50) ? Int64(20_000) : 1_000_000
        var ppm: [Int64] = []
        for _ in 0..<random.int(2...7) { ppm.append(random.int(0...highest)) }
        return try ppm.sorted().map { try Rate(ppm: $0) }
    }

    @Test func theSharesAddUpAndNoneIsNegative() throws {
        try SeededRandom.forAll(5_000) { random in
            let rates = try rates(&random)
            let amount = Money(fen: random.wide(upTo: 10_000_000_000))
            let split = try FeeSplit.of(amount, rates: rates)
            #expect(
                split.channelFee + split.platformShare + split.agentShare == split.merchantFee,
                random.note)
            #expect(split.shares.allSatisfy { $0 >= .zero }, random.note)
            #expect(split.channelFee >= .zero && split.merchantFee <= amount, random.note)
            #expect(split.shares.count == rates.count - 1, random.note)
            #expect(split.merchantFee == rates.last?.fee(on: amount), random.note)
        }
    }

    @Test func theGreatestOrderAtEveryKindOfRate() throws {
        let most = Money(fen: 10_000_000_000)
        for ppm: [Int64] in [
            [0, 0], [0, 1_000_000], [1, 999_999], [2_500, 3_800, 4_500, 6_000],
        ] {
            let split = try FeeSplit.of(most, rates: ppm.map { try Rate(ppm: $0) })
            #expect(split.channelFee + split.shares.reduce(.zero, +) == split.merchantFee)
            #expect(split.merchantFee.fen == (ppm.last ?? 0) * 10_000)
        }
    }

    @Test func refundsInPiecesReverseExactlyTheWhole() throws {
        try SeededRandom.forAll(1_000) { random in
            let rates = try rates(&random)
            let amount = Money(fen: 1 + random.wide(upTo: 9_999_999_999))
            let whole = try FeeSplit.of(amount, rates: rates)
            var taken = try FeeSplit.of(.zero, rates: rates)
            var refunded = Money.zero
            while refunded < amount {
                let left = (amount - refunded).fen
                let piece = Money(fen: random.chance(20) ? left : random.int(1...left))
                let part = try FeeSplit.reversal(
                    of: amount, refundedBefore: refunded, refundedAfter: refunded + piece,
                    rates: rates)
                #expect(
                    part.channelFee + part.shares.reduce(.zero, +) == part.merchantFee,
                    random.note)
                #expect(part.merchantFee >= .zero && part.channelFee >= .zero, random.note)
                taken = taken.plus(part)
                refunded += piece
                #expect(try taken == FeeSplit.of(refunded, rates: rates), random.note)
            }
            #expect(taken == whole, random.note)
            #expect(whole.minus(taken).merchantFee == .zero, random.note)
        }
    }

    @Test func refundsFenByFen() throws {
        let rates = try [2_500, 3_800, 4_500, 6_000].map { try Rate(ppm: $0) }
        let amount = Money(fen: 1_234)
        var taken = try FeeSplit.of(.zero, rates: rates)
        for fen in 0..<amount.fen {
            taken = taken.plus(
                try FeeSplit.reversal(
                    of: amount, refundedBefore: Money(fen: fen),
                    refundedAfter: Money(fen: fen + 1), rates: rates))
        }
        #expect(try taken == FeeSplit.of(amount, rates: rates))
    }

    @Test func whatCannotBeSplitIsRefused() throws {
        let (low, high) = try (Rate(ppm: 2_500), Rate(ppm: 6_000))
        let fen = Money(fen: 100)
        #expect(throws: FeeSplitError.tooFewRates(1)) { try FeeSplit.of(fen, rates: [low]) }
        #expect(throws: FeeSplitError.tooFewRates(0)) { try FeeSplit.of(fen, rates: []) }
        #expect(throws: FeeSplitError.negativeAmount(-fen)) {
            try FeeSplit.of(-fen, rates: [low, high])
        }
        #expect(throws: FeeSplitError.ratesFall(level: 1, upper: high, lower: low)) {
            try FeeSplit.of(fen, rates: [low, high, low])
        }
        for (before, after) in [(60, 50), (0, 101), (-1, 5)] as [(Int64, Int64)] {
            #expect(throws: FeeSplitError.self) {
                try FeeSplit.reversal(
                    of: fen, refundedBefore: Money(fen: before), refundedAfter: Money(fen: after),
                    rates: [low, high])
            }
        }
        let text = FeeSplitError.ratesFall(level: 1, upper: high, lower: low).description
        #expect(text.contains("6000 ppm") && text.contains("2500 ppm"))
    }
}
