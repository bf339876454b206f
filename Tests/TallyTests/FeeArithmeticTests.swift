import Payments
import Sentences
import Testing

@testable import Store

/// The explanation of a fee is the fee, exact to the fen.
@Suite struct FeeArithmeticTests {
    private static func row(
        amount: Int64, before: Int64 = 0, refundNo: String = "", rates: [Int64]
    ) throws -> FeesOfOrders.Row {
        FeesOfOrders.Row(
            orderNo: "T1", refundNo: refundNo, merchantNo: "M1", product: "PC",
            amount: Money(fen: amount), refundedBefore: Money(fen: before),
            partyNos: ["P", "A1", "A2", "M1"], rates: try rates.map { try Rate(ppm: $0) },
            storedFee: nil, settlementID: nil)
    }

    @Test func anOrdersFeeIsShownWithItsRounding() throws {
        let lines = FeeArithmetic(language: .en).lines(
            of: try Self.row(amount: 45_413, rates: [3_800, 4_500, 6_000]))
        #expect(
            lines.map { "\($0.what): \($0.arithmetic) | \($0.amount.yuan)" } == [
                "merchant M1 pays: 454.13 × 0.6000 % = 2.72478 → 2.72 | 2.72",
                "of it the channel: 454.13 × 0.3800 % = 1.725694 → 1.73 | 1.73",
                "of it the platform P: 2.04 (0.4500 %) − 1.73 (0.3800 %) | 0.31",
                "of it agent A1: 2.72 (0.6000 %) − 2.04 (0.4500 %) | 0.68",
            ])
    }

    @Test func aRefundReversesTheDifferenceOfTheSums() throws {
        let lines = FeeArithmetic(language: .en).lines(
            of: try Self.row(amount: 100, before: 50, refundNo: "R1", rates: [3_800, 6_000]))
        #expect(
            lines[0].arithmetic
                == "(0.50 × 0.6000 % = 0.003 → 0.00) − (1.50 × 0.6000 % = 0.009 → 0.01)")
        #expect(lines[0].amount.fen == -1)
    }

    @Test(arguments: [1, 99, 333, 45_413, 9_999_999, 10_000_000_000])
    func thePartsAddUpToTheFee(amount: Int64) throws {
        for before in [0, amount / 3] {
            let row = try Self.row(
                amount: amount - before, before: before, refundNo: before == 0 ? "" : "R",
                rates: [3_800, 4_321, 5_000, 6_001])
            let lines = FeeArithmetic(language: .zh).lines(of: row)
            #expect(lines.count == 5)
            #expect(lines.dropFirst().reduce(Money.zero) { $0 + $1.amount } == lines[0].amount)
        }
    }
}
