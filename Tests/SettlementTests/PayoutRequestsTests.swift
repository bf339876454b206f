import Events
import Payments
import Testing

@testable import Settlement
@testable import Store

@Suite struct PayoutRequestsTests {
    private static let now = Timestamp(microseconds: 1_795_147_200_000_000)
    private static let day = BusinessDay.containing(now)

    private static func settlement(_ merchantNo: String, net: Int64) -> SettleMatched.Row {
        SettleMatched.Row(
            settlementID: "S20261120-\(merchantNo)-abc", merchantNo: merchantNo,
            net: Money(fen: net))
    }

    @Test func aNetAboveZeroIsPaidOutInFullUnderANumberOfItsSettlement() {
        let payouts = PayoutRequests.make(
            of: [Self.settlement("M1", net: 1)], day: Self.day, at: Self.now)
        #expect(payouts.map(\.payoutNo) == ["P20261120-M1-abc"])
        #expect(payouts.map(\.settlementID) == ["S20261120-M1-abc"])
        #expect(payouts.map(\.merchantNo) == ["M1"])
        #expect(payouts.map(\.amountFen) == [Money(fen: 1)])
        #expect(payouts.map(\.date) == [Self.day])
    }

    @Test func aNetOfZeroOrLessIsNotPaidOut() {
        let payouts = PayoutRequests.make(
            of: [Self.settlement("M1", net: 0), Self.settlement("M2", net: -5)], day: Self.day,
            at: Self.now)
        #expect(payouts.isEmpty)
    }

    @Test func theSameSettlementAlwaysMakesTheSamePayoutNumber() {
        let settlements = [Self.settlement("M1", net: 5)]
        let first = PayoutRequests.make(of: settlements, day: Self.day, at: Self.now)
        let second = PayoutRequests.make(
            of: settlements, day: Self.day, at: Self.now.adding(seconds: 60))
        #expect(first.map(\.payoutNo) == second.map(\.payoutNo))
    }
}
