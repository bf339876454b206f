import Events
import Payments
import TestRandom
import Testing

@testable import Callback
@testable import Store

/// The rows and the event of one change.
@Suite struct ChangedOrderTests {
    private func changes(
        _ status: OrderStatus, _ kinds: [ChannelObservation.Kind], at time: Timestamp?
    ) throws -> [ChangedOrder] {
        var progress = OrderProgress(orders: [try TestOrders.order(status)], now: TestOrders.now)
        for (index, kind) in kinds.enumerated() {
            progress.apply(TestOrders.seen(kind, at: time), origin: .inquiry, index: index)
        }
        #expect(progress.poison.isEmpty)
        return progress.changes
    }

    @Test func theEventSaysTheStateAfterTheChange() throws {
        let time = TestOrders.now.adding(seconds: -5)
        let change = try #require(try changes(.paying, [.paid], at: time).first)
        let event = change.event(merchantRefundNo: nil)
        #expect(event.envelope.eventType == "order.paid")
        #expect(event.envelope.eventID == change.eventID)
        #expect(event.envelope.occurredAt == TestOrders.now)
        #expect(event.status == .paid)
        #expect(event.version == 8)
        #expect(event.paidAt?.timestamp == time)
        #expect(event.amountFen == TestOrders.amount)
        #expect(event.refundedFen == .zero)
        #expect(event.refundNo == nil)
        #expect(!event.late)
    }

    @Test func aLatePaymentIsFlaggedInTheEventAndTheTimeline() throws {
        let change = try #require(try changes(.closed, [.paid], at: TestOrders.now).first)
        #expect(change.event(merchantRefundNo: nil).late)
        #expect(!change.timelineEntry.detail.isEmpty)
        let onTime = try #require(try changes(.paying, [.paid], at: TestOrders.now).first)
        #expect(onTime.timelineEntry.detail.isEmpty)
    }

    @Test func theTimelineHasTheChannelsTimeOrNow() throws {
        let time = TestOrders.now.adding(seconds: -5)
        #expect(try changes(.paying, [.paid], at: time).first?.timelineEntry.at == time)
        #expect(try changes(.paying, [.paid], at: nil).first?.timelineEntry.at == TestOrders.now)
    }

    @Test func aRefundsEventNamesItsNumbersAndAmount() throws {
        let refund = TestOrders.refund("R1", 4_000, of: 4_000)
        let change = try #require(try changes(.paid, [refund], at: TestOrders.now).first)
        let event = change.event(merchantRefundNo: "SHOP-R1")
        #expect(event.refundNo == "R1")
        #expect(event.merchantRefundNo == "SHOP-R1")
        #expect(event.refundFen == Money(fen: 4_000))
        #expect(event.refundedFen == Money(fen: 4_000))
        #expect(event.status == .partiallyRefunded)
    }

    @Test func onlyAProvenRefundHasARow() throws {
        let kinds = [
            TestOrders.refund(nil, nil, of: 4_000), TestOrders.refund("R1", nil, of: 4_000),
        ]
        #expect(try changes(.paid, kinds, at: TestOrders.now).isEmpty)
        let paid = try #require(try changes(.paying, [.paid], at: TestOrders.now).first)
        #expect(try paid.completion()?.refundNo == nil)
        let proven = TestOrders.refund("R1", 4_000, of: 4_000)
        let made = try #require(try changes(.paid, kinds + [proven], at: TestOrders.now).first)
        #expect(try made.completion()?.amount == Money(fen: 4_000))
    }

    /// Refunds in pieces reverse exactly the fees of the whole.
    @Test func theReversalsOfAFullRefundInPiecesAddUpToItsFees() throws {
        let seed = SplitMix64.seedFromEnvironment()
        var random = SplitMix64(seed: seed)
        let whole = try TestOrders.order(.paid).netSplit()
        for _ in 0..<50 {
            var kinds: [ChannelObservation.Kind] = []
            var sum: Int64 = 0
            while sum < 10_000 {
                let part = Int64.random(in: 1...(10_000 - sum), using: &random)
                sum += part
                kinds.append(TestOrders.refund("R\(kinds.count)", part, of: sum))
            }
            let rows = try changes(.paid, kinds, at: TestOrders.now).compactMap {
                try $0.completion()
            }
            #expect(rows.count == kinds.count, "SEED=\(seed)")
            let reversed = rows.map(\.reversal)
            #expect(
                reversed.map(\.merchantFee).reduce(.zero, +) == whole.merchantFee, "SEED=\(seed)")
            #expect(
                reversed.map(\.channelFee).reduce(.zero, +) == whole.channelFee, "SEED=\(seed)")
            for level in whole.shares.indices {
                #expect(
                    reversed.map { $0.shares[level] }.reduce(.zero, +) == whole.shares[level],
                    "SEED=\(seed)")
            }
        }
    }
}
