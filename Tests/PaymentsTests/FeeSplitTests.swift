import Payments
import Testing

@Suite struct FeeSplitTests {
    /// The sum of splits of one chain.
    private struct Parts: Equatable {
        var merchantFee = Money.zero
        var channelFee = Money.zero
        var shares: [Money]

        init(levels: Int) { shares = Array(repeating: .zero, count: levels) }

        init(_ split: FeeSplit) {
            self.init(levels: split.shares.count)
            add(split)
        }

        mutating func add(_ split: FeeSplit) {
            merchantFee += split.merchantFee
            channelFee += split.channelFee
            for level in shares.indices { shares[level] += split.shares[level] }
        }
    }

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
            var reversed = Parts(levels: whole.shares.count)
            var refunded = Money.zero
            while refunded < amount {
                let left = (amount - refunded).fen
                let piece = Money(fen: random.chance(20) ? left : random.int(1...left))
                let part = try FeeSplit.between(refunded, refunded + piece, rates: rates)
                #expect(
                    part.channelFee + part.shares.reduce(.zero, +) == part.merchantFee,
                    random.note)
                #expect(part.merchantFee >= .zero && part.channelFee >= .zero, random.note)
                reversed.add(part)
                refunded += piece
                #expect(
                    try reversed == Parts(FeeSplit.of(refunded, rates: rates)), random.note)
                let kept = try FeeSplit.between(refunded, amount, rates: rates)
                #expect(reversed.merchantFee + kept.merchantFee == whole.merchantFee, random.note)
            }
            #expect(reversed == Parts(whole), random.note)
        }
    }

    // 83 fen at 6,000 ppm have no fee, 84 have 1 fen: the second refund of 83 reverses 1 fen.
    @Test func theSecondRefundReversesTheFenThatTheFirstDidNot() throws {
        let rates = try [3_800, 6_000].map { try Rate(ppm: $0) }
        let first = try FeeSplit.between(.zero, Money(fen: 83), rates: rates)
        let second = try FeeSplit.between(Money(fen: 83), Money(fen: 166), rates: rates)
        #expect(first.merchantFee == .zero && first.channelFee == .zero)
        #expect(second.merchantFee == Money(fen: 1) && second.channelFee == Money(fen: 1))
        #expect(second.platformShare == .zero)
    }

    @Test func refundsFenByFen() throws {
        let rates = try [2_500, 3_800, 4_500, 6_000].map { try Rate(ppm: $0) }
        let amount = Money(fen: 1_234)
        var reversed = Parts(levels: 3)
        for fen in 0..<amount.fen {
            reversed.add(
                try FeeSplit.between(Money(fen: fen), Money(fen: fen + 1), rates: rates))
        }
        #expect(try reversed == Parts(FeeSplit.of(amount, rates: rates)))
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
        for (lower, upper) in [(60, 50), (-1, 5)] as [(Int64, Int64)] {
            #expect(throws: FeeSplitError.self) {
                try FeeSplit.between(Money(fen: lower), Money(fen: upper), rates: [low, high])
            }
        }
        let text = FeeSplitError.ratesFall(level: 1, upper: high, lower: low).description
        #expect(text.contains("6000 ppm") && text.contains("2500 ppm"))
    }
}
