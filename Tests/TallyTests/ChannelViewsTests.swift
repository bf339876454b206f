import Payments
import Store
import Testing

@testable import Sandbox
@testable import Simulator

/// The comparison of merchants' orders with the channel's trades.
@Suite struct ChannelViewsTests {
    private static let now = Timestamp(microseconds: 1_795_140_930_000_000)

    private func order(
        _ status: OrderStatus, refunded: Int64 = 0, expiresIn seconds: Int64 = -1
    ) -> OrderStates.Row {
        .init(
            orderNo: "T1", status: status, amount: Money(fen: 1_000),
            refunded: Money(fen: refunded), expiresAt: Self.now.adding(seconds: seconds))
    }

    private func differences(
        _ order: OrderStates.Row, paid: Bool, refunds: [Int64] = [], closed: Bool = false
    ) -> [String] {
        var trade = Trade(
            tradeNo: "1",
            terms: TradeTerms(
                orderNo: "T1", amount: Money(fen: 1_000), subject: "tea", productCode: "p"),
            status: closed ? .closed : paid ? .paid : .waiting, createdAt: Self.now,
            paidAt: paid ? Self.now : nil)
        var sum = Money.zero
        for (index, fen) in refunds.enumerated() {
            sum += Money(fen: fen)
            trade.refunds.append(
                TradeRefund(
                    requestNo: "R\(index)", amount: Money(fen: fen), cumulative: sum,
                    refundedAt: Self.now))
        }
        return ChannelViews(trades: ["T1": trade], channelOnly: 0, now: Self.now)
            .differences([order])
    }

    @Test func equalViewsHaveNoDifference() {
        #expect(differences(order(.paid), paid: true) == [])
        #expect(
            differences(order(.partiallyRefunded, refunded: 300), paid: true, refunds: [300]) == [])
        #expect(
            differences(order(.refunded, refunded: 1_000), paid: true, refunds: [500, 500]) == [])
        #expect(differences(order(.closed), paid: false, closed: true) == [])
        #expect(differences(order(.paying, expiresIn: 60), paid: false) == [])
    }

    @Test func whatTheMerchantDoesNotSeeIsADifference() {
        #expect(differences(order(.closed), paid: true).count == 1)
        #expect(differences(order(.paying), paid: true).count == 1)
        #expect(differences(order(.paying), paid: false).count == 1, "it should be closed by now")
        #expect(differences(order(.paid), paid: true, refunds: [300]).count == 1)
        #expect(
            differences(order(.partiallyRefunded, refunded: 300), paid: true, refunds: [300, 300])
                .count == 1, "two refunds of the same amount are two")
        #expect(differences(order(.paid), paid: false, closed: true).count == 1)
    }

    @Test func anOrderThatTheChannelDoesNotKnowIsClosedAfterItsExpiry() {
        let views = ChannelViews(trades: [:], channelOnly: 0, now: Self.now)
        #expect(views.differences([order(.closed)]) == [])
        #expect(views.differences([order(.accepted)]).count == 1)
        #expect(views.differences([order(.accepted, expiresIn: 60)]) == [])
        #expect(ChannelViews(trades: [:], channelOnly: 1, now: Self.now).differences([]).count == 1)
    }
}
