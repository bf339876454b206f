import Payments
import TestRandom
import Testing

/// What a decision on a difference books: the ledger's claim ends at what the statement says.
@Suite struct DifferenceResolutionTests {
    private static func difference(
        _ kind: DifferenceKind, refund: Bool = false, ours: (Int64, Int64)? = nil,
        theirs: (Int64, Int64)? = nil, effective: Bool = true, matched: Bool = false,
        settled: Bool = false
    ) -> UnresolvedDifference {
        UnresolvedDifference(
            kind: kind, isRefund: refund, platformAmount: ours.map { Money(fen: $0.0) },
            platformFee: ours.map { Money(fen: $0.1) },
            channelAmount: theirs.map { Money(fen: $0.0) },
            channelFee: theirs.map { Money(fen: $0.1) }, isEffective: effective,
            isMatched: matched, isSettled: settled)
    }

    private static func adjustment(
        _ action: DifferenceResolution.Action, _ difference: UnresolvedDifference
    ) throws -> Int64 {
        try DifferenceResolution(action, of: difference).adjustment.fen
    }

    @Test func anAcceptedAmountBooksTheDifferenceOfTheNets() throws {
        let mismatch = Self.difference(.amountMismatch, ours: (1_000, 4), theirs: (1_003, 5))
        #expect(try Self.adjustment(.accept, mismatch) == 2)
        let refund = Self.difference(
            .amountMismatch, refund: true, ours: (1_000, 4), theirs: (900, 3))
        #expect(try Self.adjustment(.accept, refund) == 99)
    }

    @Test func anAcceptedFeeBooksTheFeesDifferenceAlone() throws {
        let fee = Self.difference(
            .feeMismatch, ours: (1_000, 4), theirs: (1_000, 6), matched: true, settled: true)
        #expect(try Self.adjustment(.accept, fee) == -2)
        #expect(fee.actions == [.accept, .dismiss])
    }

    @Test func aLineThatOnlyTheChannelHasIsAGainAndItsRefundALoss() throws {
        let line = Self.difference(.channelOnly, theirs: (500, 2), effective: false)
        #expect(try Self.adjustment(.writeOff, line) == 498)
        let refund = Self.difference(.channelOnly, refund: true, theirs: (500, 2), effective: false)
        #expect(try Self.adjustment(.writeOff, refund) == -498)
        #expect(line.actions == [.writeOff, .dismiss])
    }

    @Test func aKnownOrderThatIsntPaidLowersNoStake() throws {
        let unpaid = Self.difference(
            .channelOnly, ours: (500, 2), theirs: (500, 2), effective: false)
        #expect(try DifferenceResolution(.writeOff, of: unpaid).stake.fen == 498)
    }

    @Test func whatOnlyThePlatformHasIsALossOnlyWhereTheMerchantWasPaid() throws {
        let settled = Self.difference(.platformOnly, ours: (500, 2), matched: true, settled: true)
        #expect(try Self.adjustment(.writeOff, settled) == -498)
        let waiting = Self.difference(.platformOnly, ours: (500, 2))
        #expect(throws: DifferenceRefusal.notSettled) { try Self.adjustment(.writeOff, waiting) }
        #expect(waiting.actions == [.dismiss])
    }

    @Test func whatTookEffectSinceIsMatchedNotWrittenOff() {
        for kind in [DifferenceKind.channelOnly, .statusMismatch] {
            let repaired = Self.difference(kind, ours: (500, 2), theirs: (500, 2))
            #expect(throws: DifferenceRefusal.becomesMatched) {
                try Self.adjustment(.writeOff, repaired)
            }
        }
    }

    @Test func aMatchedOrderIsntAcceptedAgain() {
        let taken = Self.difference(
            .amountMismatch, ours: (500, 2), theirs: (501, 2), matched: true)
        #expect(throws: DifferenceRefusal.notOpenHere(.amountMismatch)) {
            try Self.adjustment(.accept, taken)
        }
        let unpaid = Self.difference(
            .amountMismatch, ours: (500, 2), theirs: (501, 2), effective: false)
        #expect(throws: DifferenceRefusal.notOpenHere(.amountMismatch)) {
            try Self.adjustment(.accept, unpaid)
        }
    }

    @Test func aDismissalBooksNothingAndIsAsLargeAsWhatItLeaves() throws {
        let line = Self.difference(.channelOnly, theirs: (79_208, 301), effective: false)
        let dismissed = try DifferenceResolution(.dismiss, of: line)
        #expect(dismissed.adjustment == .zero)
        #expect(dismissed.stake.fen == 78_907)
        #expect(try dismissed.journal(differenceID: 1) == nil)
        let twice = Self.difference(
            .duplicate, ours: (500, 2), theirs: (500, 2), matched: true, settled: true)
        #expect(try DifferenceResolution(.dismiss, of: twice).stake.fen == 498)
    }

    @Test(arguments: 0..<200)
    func afterADecisionTheClaimIsTheStatements(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let amounts = (0..<4).map { _ in Int64.random(in: 1...1_000_000, using: &random) }
        let refund = Bool.random(using: &random)
        let sign: Int64 = refund ? -1 : 1
        let (ours, theirs) = ((amounts[0], amounts[0] / 200), (amounts[1], amounts[2] / 300))
        for kind in DifferenceKind.allCases {
            let hasOurs = kind != .channelOnly
            let hasTheirs = kind != .platformOnly
            let settled = kind == .platformOnly || kind == .duplicate
            let difference = Self.difference(
                kind, refund: refund, ours: hasOurs ? ours : nil, theirs: hasTheirs ? theirs : nil,
                effective: kind != .channelOnly && kind != .statusMismatch,
                matched: settled, settled: settled)
            for action in difference.actions where action != .dismiss {
                let resolution = try DifferenceResolution(action, of: difference)
                // What the books claim for this line before, and after.
                let isBooked = (action == .accept || settled) && kind != .duplicate
                let before = isBooked ? sign * (ours.0 - ours.1) : 0
                let claim = hasTheirs ? sign * (theirs.0 - theirs.1) : 0
                #expect(before + resolution.adjustment.fen == claim, "\(kind) \(action)")
                let journal = try resolution.journal(differenceID: 7)
                #expect(journal?.entries.map(\.amount.fen).reduce(0, +) ?? 0 == 0)
            }
        }
    }
}
