import Payments
import Testing

/// Each way an order can go, by name.
@Suite struct OrderTransitionTests {
    private let now = Timestamp(microseconds: 1_795_140_930_000_000)
    private let amount = Money(fen: 10_000)

    private func expected(expired: Bool = false, closeRequested: Bool = false) -> ExpectedOrder {
        ExpectedOrder(
            orderNo: "O1", amount: amount, appID: "app", sellerID: "seller",
            expiresAt: now.adding(seconds: expired ? 0 : 1), closeRequested: closeRequested)
    }

    private func seen(_ kind: ChannelObservation.Kind) -> ChannelObservation {
        ChannelObservation(
            orderNo: "O1", tradeNo: kind == .notFound ? nil : "T1", kind: kind, amount: amount,
            appID: "app", sellerID: "seller", at: now)
    }

    private func state(_ status: OrderStatus) -> OrderState {
        let refunded: [OrderStatus: Int64] = [.partiallyRefunded: 4_000, .refunded: 10_000]
        let fen = refunded[status] ?? 0
        return OrderState(
            status: status, amount: amount, refunded: Money(fen: fen),
            paidAt: status.isPaid ? now : nil, closedAt: status == .closed ? now : nil,
            channelTradeNo: status == .accepted ? nil : "T1",
            refunds: fen > 0 ? ["R1": Money(fen: fen)] : [:])
    }

    private func refund(_ number: String?, _ fen: Int64?, _ cumulative: Int64)
        -> ChannelObservation
    {
        seen(
            .refunded(
                refundNo: number, refundAmount: fen.map { Money(fen: $0) },
                cumulative: Money(fen: cumulative)))
    }

    private func change(_ number: String, _ fen: Int64, _ cumulative: Int64) -> OrderChange {
        .refunded(
            refundNo: number, amount: Money(fen: fen), cumulative: Money(fen: cumulative))
    }

    /// Applies and gives status and changes; `nil` where nothing changed.
    private func outcome(
        _ state: OrderState, _ observation: ChannelObservation, _ expected: ExpectedOrder
    ) -> (status: OrderStatus, changes: [OrderChange])? {
        switch state.applying(observation, expected: expected, now: now) {
        case .changed(let next, let changes): return (next.status, changes)
        case .unchanged: return nil
        case .mismatch(let mismatch):
            Issue.record("\(mismatch)")
            return nil
        }
    }

    /// Where each kind of observation takes each status: the whole table.
    @Test(arguments: OrderStatus.allCases)
    func theTable(status: OrderStatus) {
        let late = status == .closed
        let isOpen = status == .accepted || status == .paying
        let whole = change("R1", 10_000, 10_000)
        let rows: [(ChannelObservation, OrderStatus, [OrderChange])] = [
            (
                seen(.waiting), status == .accepted ? .paying : status,
                status == .accepted ? [.paying] : []
            ),
            (
                seen(.paid), status.isPaid ? status : .paid,
                status.isPaid ? [] : [.paid(late: late)]
            ),
            (
                seen(.finished), status.isPaid ? status : .paid,
                status.isPaid ? [] : [.paid(late: late)]
            ),
            (seen(.closed), isOpen ? .closed : status, isOpen ? [.closed] : []),
            (seen(.notFound), status, []),
            (
                refund("R9", 10_000, 10_000), .refunded,
                (status.isPaid ? [] : [.paid(late: late)])
                    + [change("R9", 10_000, 10_000)]
            ),
        ]
        for (observation, next, changes) in rows
        where status != .partiallyRefunded
            && status != .refunded || observation.kind != rows[5].0.kind
        {
            let result = outcome(state(status), observation, expected())
            #expect(result?.status ?? status == next, "\(status) \(observation.kind)")
            #expect(result?.changes ?? [] == changes, "\(status) \(observation.kind)")
        }
        if !status.isPaid {
            let result = outcome(state(status), refund("R1", nil, 10_000), expected())
            #expect(result?.status == .refunded)
            #expect(result?.changes == [.paid(late: late), whole])
        }
    }

    @Test func noTradeClosesOnlyWhenTheOrderMayEnd() {
        for status in [OrderStatus.accepted, .paying] {
            let order = state(status)
            #expect(outcome(order, seen(.notFound), expected()) == nil)
            #expect(
                outcome(order, seen(.notFound), expected(expired: true))?.changes == [.closed])
            #expect(
                outcome(order, seen(.notFound), expected(closeRequested: true))?.status
                    == .closed)
            // Answered before the expiry, applied after it: the payer may have paid in between.
            let early = ChannelObservation(
                orderNo: "O1", kind: .notFound, at: now.adding(seconds: -1))
            #expect(outcome(order, early, expected(expired: true)) == nil)
            let untimed = ChannelObservation(orderNo: "O1", kind: .notFound)
            #expect(outcome(order, untimed, expected(expired: true))?.status == .closed)
        }
    }

    @Test func aLatePaymentIsFlaggedAndKeepsItsClosing() throws {
        let decision = state(.closed).applying(seen(.paid), expected: expected(), now: now)
        guard case .changed(let paid, let changes) = decision else {
            Issue.record("\(decision)")
            return
        }
        #expect(changes == [.paid(late: true)])
        #expect(paid.status == .paid && paid.isLate && paid.closedAt == now && paid.paidAt == now)
    }

    @Test func refundsCountOnceByNumber() {
        let paid = state(.partiallyRefunded)
        #expect(outcome(paid, refund("R1", 4_000, 4_000), expected()) == nil)
        let second = outcome(paid, refund("R2", 1_000, 5_000), expected())
        #expect(second?.changes == [change("R2", 1_000, 5_000)])
        #expect(second?.status == .partiallyRefunded)
        let last = outcome(paid, refund("R2", nil, 10_000), expected())
        #expect(last?.changes == [change("R2", 6_000, 10_000)])
        #expect(last?.status == .refunded)
    }

    @Test func refundsWithoutANumberCountByTheirSum() {
        let paid = state(.partiallyRefunded)
        #expect(outcome(paid, refund(nil, nil, 4_000), expected()) == nil)
        #expect(outcome(paid, refund(nil, nil, 3_000), expected()) == nil)
        #expect(
            outcome(paid, refund(nil, nil, 4_500), expected())?.changes
                == [change("channel:4500", 500, 4_500)])
        #expect(
            outcome(paid, refund(nil, 250, 4_500), expected())?.changes
                == [change("channel:4500", 250, 4_500)])
        // A known number with a larger sum: another refund whose message hasn't arrived yet.
        #expect(
            outcome(paid, refund("R1", 4_000, 6_000), expected())?.changes
                == [change("channel:6000", 2_000, 6_000)])
    }

    @Test func aSumWithoutANumberIsNotAddedToTheNumberedRefunds() {
        var stored = state(.partiallyRefunded)
        stored.refunded = Money(fen: 6_000)
        stored.refunds["channel:6000"] = Money(fen: 2_000)
        #expect(
            outcome(stored, refund("R2", 2_000, 6_000), expected())?.changes
                == [change("R2", 2_000, 6_000)])
        #expect(
            outcome(stored, refund("R3", 5_000, 9_000), expected())?.status
                == .partiallyRefunded)
    }

    @Test func whatIsOfAnotherOrderChangesNothing() {
        let kinds: [ChannelObservation.Kind] = [
            .waiting, .paid, .closed, .finished,
            .refunded(refundNo: nil, refundAmount: nil, cumulative: amount),
        ]
        func decide(
            _ kind: ChannelObservation.Kind, _ other: String, _ money: Money? = nil,
            app: String? = nil, seller: String? = nil
        ) -> OrderDecision {
            state(.accepted).applying(
                ChannelObservation(
                    orderNo: other, kind: kind, amount: money, appID: app, sellerID: seller),
                expected: expected(expired: true), now: now)
        }
        let fen = Money(fen: 9_999)
        for kind in kinds {
            #expect(decide(kind, "O1", fen) == .mismatch(.amount(expected: amount, seen: fen)))
            #expect(
                decide(kind, "O1", seller: "thief")
                    == .mismatch(.seller(expected: "seller", seen: "thief")))
            #expect(
                decide(kind, "O1", app: "other")
                    == .mismatch(.app(expected: "app", seen: "other")))
            #expect(decide(kind, "O2") == .mismatch(.order(expected: "O1", seen: "O2")))
            #expect(
                decide(kind, "O1") != .unchanged, "a field that the message lacks isn't checked")
        }
        #expect(decide(.notFound, "O2") == .mismatch(.order(expected: "O1", seen: "O2")))
        guard case .changed = decide(.notFound, "O1", fen, app: "x", seller: "x") else {
            Issue.record("no trade has no amount, app or seller to compare")
            return
        }
    }

    @Test func refundsThatCannotBeAreRefused() {
        let order = state(.partiallyRefunded)
        func decide(_ number: String?, _ fen: Int64?, _ cumulative: Int64) -> OrderDecision {
            order.applying(refund(number, fen, cumulative), expected: expected(), now: now)
        }
        let over = Money(fen: 10_001)
        #expect(
            decide("R2", 1, 10_001) == .mismatch(.overRefund(amount: amount, refunded: over)))
        #expect(
            decide("R2", 6_001, 6_001) == .mismatch(.overRefund(amount: amount, refunded: over)))
        #expect(
            decide("R2", .max, .max)
                == .mismatch(.overRefund(amount: amount, refunded: Money(fen: .max))))
        #expect(decide("R2", -1, 4_000) == .mismatch(.negativeRefund(Money(fen: -1))))
        #expect(decide(nil, nil, -1) == .mismatch(.negativeRefund(Money(fen: -1))))
    }

    @Test func everyMismatchHasAWordAndASentence() {
        let all: [OrderMismatch] = [
            .order(expected: "a", seen: "b"), .amount(expected: amount, seen: .zero),
            .seller(expected: "a", seen: "b"), .app(expected: "a", seen: "b"),
            .overRefund(amount: amount, refunded: amount), .negativeRefund(.zero),
        ]
        #expect(Set(all.map(\.reason)).count == all.count)
        #expect(all.map(\.reason).prefix(2) == ["order_mismatch", "amount_mismatch"])
        #expect(all.allSatisfy { $0.description.count > 20 })
    }
}
