import Payments
import Testing

/// Each way an order can go, by name.
@Suite struct OrderTransitionTests {
    private let now = Timestamp(microseconds: 1_795_140_930_000_000)
    private let amount = Money(fen: 10_000)

    private func expected(
        expired: Bool = false, requested: [String: Int64] = [:], failed: [String: Int64] = [:]
    ) -> ExpectedOrder {
        ExpectedOrder(
            orderNo: "O1", amount: amount, appID: "app", sellerID: "seller",
            expiresAt: now.adding(seconds: expired ? 0 : 1),
            requestedRefunds: requested.mapValues { Money(fen: $0) },
            failedRefunds: failed.mapValues { Money(fen: $0) })
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
            refunds: fen > 0 ? ["R1": Money(fen: fen)] : [:], reportedSum: Money(fen: fen))
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
        _ state: OrderState, _ observation: ChannelObservation, _ expected: ExpectedOrder,
        from source: ChannelObservation.Source = .answer
    ) -> (status: OrderStatus, changes: [OrderChange])? {
        switch state.applying(observation, from: source, expected: expected, now: now) {
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
            let result = outcome(
                state(status), refund("R1", nil, 10_000), expected(requested: ["R1": 10_000]))
            #expect(result?.status == .refunded)
            #expect(result?.changes == [.paid(late: late), whole])
        }
    }

    /// Until its end the pay URL can't be withdrawn, whoever wants the order closed.
    @Test func noTradeClosesOnlyWhenThePayURLHasEnded() {
        for status in [OrderStatus.accepted, .paying] {
            let order = state(status)
            #expect(outcome(order, seen(.notFound), expected()) == nil)
            #expect(
                outcome(order, seen(.notFound), expected(expired: true))?.changes == [.closed])
            // Answered before the expiry, applied after it: the payer may have paid in between.
            let early = ChannelObservation(
                orderNo: "O1", kind: .notFound, at: now.adding(seconds: -1))
            #expect(outcome(order, early, expected(expired: true)) == nil)
            let untimed = ChannelObservation(orderNo: "O1", kind: .notFound)
            #expect(outcome(order, untimed, expected(expired: true))?.status == .closed)
        }
    }

    @Test func aLatePaymentIsFlaggedAndKeepsItsClosing() throws {
        let decision = state(.closed).applying(
            seen(.paid), from: .notification, expected: expected(), now: now)
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
        let last = outcome(
            paid, refund("R2", nil, 10_000), expected(requested: ["R2": 6_000]))
        #expect(last?.changes == [change("R2", 6_000, 10_000)])
        #expect(last?.status == .refunded)
    }

    private func steps(
        _ start: OrderState, _ steps: [(ChannelObservation, ChannelObservation.Source)],
        _ expected: ExpectedOrder
    ) -> (state: OrderState, changes: [OrderChange]) {
        var (state, changes) = (start, [OrderChange]())
        for (observation, source) in steps {
            guard
                case .changed(let next, let made) = state.applying(
                    observation, from: source, expected: expected, now: now)
            else { continue }
            (state, changes) = (next, changes + made)
        }
        return (state, changes)
    }

    @Test func aSumInANotificationMakesNoRefund() {
        let sums: [ChannelObservation] = [
            refund(nil, nil, 4_000), refund("R7", nil, 4_000), refund("R7", 4_000, 4_000),
            refund(nil, 4_000, 4_000),
        ]
        for sum in sums {
            let (after, changes) = steps(state(.paid), [(sum, .notification)], expected())
            #expect(changes == [], "\(sum)")
            #expect(after.status == .paid && after.refunded == .zero && after.refunds == [:])
            #expect(after.lacksRefunds, "it is queried: \(sum)")
            #expect(after.reportedSum == Money(fen: 4_000))
        }
        // Nor does an answer without a number: a query that finds the trade refunded.
        let (after, changes) = steps(
            state(.paid), [(refund(nil, nil, 10_000), .answer)], expected())
        #expect(changes == [] && after.status == .paid && after.lacksRefunds)
    }

    @Test func aRefundKnownFirstByItsSumAndThenByItsNumberIsOne() {
        let (after, changes) = steps(
            state(.paid),
            [
                (refund(nil, nil, 4_000), .notification), (refund("R7", nil, 4_000), .notification),
                (refund("R7", 4_000, 4_000), .answer), (refund(nil, nil, 4_000), .notification),
                (refund("R7", nil, 4_000), .notification),
            ], expected())
        #expect(changes == [change("R7", 4_000, 4_000)])
        #expect(after.refunds == ["R7": Money(fen: 4_000)] && after.refunded == Money(fen: 4_000))
        #expect(!after.lacksRefunds && after.reportedRefunds == [])
    }

    @Test func twoRefundsOfTheSameAmountAreTwo() {
        let (after, changes) = steps(
            state(.paid),
            [
                // The second one's notification comes first, with the sum of both.
                (refund("R2", 3_000, 6_000), .notification),
                (refund("R1", 3_000, 3_000), .notification),
                (refund("R1", 3_000, 3_000), .answer), (refund("R2", 3_000, 3_000), .answer),
                (refund("R1", 3_000, 3_000), .answer),
            ], expected())
        #expect(changes == [change("R1", 3_000, 3_000), change("R2", 3_000, 6_000)])
        #expect(after.refunded == Money(fen: 6_000) && !after.lacksRefunds)
    }

    @Test func aLargerSumThanTheProvenRefundsLeavesOneToBeFound() {
        let (after, changes) = steps(
            state(.partiallyRefunded), [(refund("R1", 4_000, 6_000), .notification)], expected())
        #expect(changes == [] && after.refunded == Money(fen: 4_000))
        #expect(after.reportedRefunds == [] && after.lacksRefunds)
    }

    /// The channel refunds what was requested under a number or nothing; what an answer says may
    /// leave out what a coupon paid.
    @Test func aRequestedRefundHasTheAmountOfItsRequest() {
        let (after, changes) = steps(
            state(.paid), [(refund("R1", 2_500, 2_500), .answer)],
            expected(requested: ["R1": 3_000]))
        #expect(changes == [change("R1", 3_000, 3_000)] && after.refunded == Money(fen: 3_000))
    }

    @Test func aFailedRefundThatIsProvenHasTheAmountOfItsRequest() {
        let (after, changes) = steps(
            state(.paid), [(refund("R1", 2_500, 2_500), .answer)], expected(failed: ["R1": 3_000]))
        #expect(changes == [change("R1", 3_000, 3_000)] && after.refunded == Money(fen: 3_000))
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
                from: .answer, expected: expected(expired: true), now: now)
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
            order.applying(
                refund(number, fen, cumulative), from: .answer, expected: expected(), now: now)
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
