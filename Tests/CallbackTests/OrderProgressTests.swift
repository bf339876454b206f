import Events
import Payments
import Store
import Testing
import WorkerRuntime

@testable import Callback

@Suite struct OrderProgressTests {
    private static let kinds: [ChannelObservation.Kind] = [
        .notFound, .waiting, .paid, .closed, .finished,
        TestOrders.refund("R1", 4_000, of: 4_000), TestOrders.refund("R2", 6_000, of: 10_000),
    ]

    /// The status that each observation leads to, from the contract's words; a row a status.
    private static let expected: [OrderStatus: [OrderStatus]] = [
        .accepted: [
            .closed, .paying, .paid, .closed, .paid, .partiallyRefunded, .partiallyRefunded,
        ],
        .paying: [
            .closed, .paying, .paid, .closed, .paid, .partiallyRefunded, .partiallyRefunded,
        ],
        .paid: [
            .paid, .paid, .paid, .paid, .paid, .partiallyRefunded, .partiallyRefunded,
        ],
        .partiallyRefunded: [
            .partiallyRefunded, .partiallyRefunded, .partiallyRefunded, .partiallyRefunded,
            .partiallyRefunded, .partiallyRefunded, .refunded, .refunded,
        ],
        .refunded: Array(repeating: .refunded, count: 5) + [.refunded, .refunded, .refunded],
        .closed: [
            .closed, .closed, .paid, .closed, .paid, .partiallyRefunded, .partiallyRefunded,
        ],
    ]

    private func progress(_ orders: [LockedOrder]) -> OrderProgress {
        OrderProgress(orders: orders, now: TestOrders.now)
    }

    @Test(arguments: OrderStatus.allCases)
    func everyObservationOfEveryStatusLeadsToOneStatusAndCountsItsChanges(
        status: OrderStatus
    ) throws {
        for (kind, wanted) in zip(Self.kinds, try #require(Self.expected[status])) {
            var progress = progress([try TestOrders.order(status)])
            let observation = TestOrders.seen(kind)
            // A refund number that a fully refunded order doesn't know is more than was paid.
            let isTooMuch =
                status == .refunded && kind == TestOrders.refund("R2", 6_000, of: 10_000)
            progress.apply(observation, origin: .inquiry, index: 0)
            let order = try #require(progress.orders["T1"])
            #expect(order.state.status == wanted, "\(status), \(kind)")
            #expect(progress.poison.isEmpty == !isTooMuch, "\(status), \(kind)")
            #expect(order.version == 7 + progress.changes.count, "\(status), \(kind)")
            #expect(
                progress.changes.map(\.order.version) == Array((7..<order.version).map { $0 + 1 }))
            #expect(progress.changes.isEmpty ? true : try progress.updates().count == 1)
            // A status never changes without a change that is published.
            #expect(wanted == status || !progress.changes.isEmpty, "\(status), \(kind)")
        }
    }

    @Test(arguments: OrderStatus.allCases)
    func aRepeatedObservationDoesNotMoveTheOrder(status: OrderStatus) throws {
        for kind in Self.kinds {
            var progress = progress([try TestOrders.order(status)])
            progress.apply(TestOrders.seen(kind), origin: .inquiry, index: 0)
            let (order, changes) = (progress.orders["T1"]?.version, progress.changes.count)
            progress.apply(TestOrders.seen(kind), origin: .inquiry, index: 1)
            #expect(progress.orders["T1"]?.version == order, "\(status), \(kind)")
            #expect(progress.changes.count == changes, "\(status), \(kind)")
        }
    }

    @Test func aPaymentWithItsRefundMakesTwoChangesWithVersionsInOrder() throws {
        var progress = progress([try TestOrders.order(.accepted)])
        progress.apply(
            TestOrders.seen(TestOrders.refund("R9", 4_000, of: 4_000)), origin: .inquiry, index: 0)
        #expect(progress.changes.map(\.eventType.rawValue) == ["order.paid", "order.refunded"])
        #expect(progress.changes.map(\.order.version) == [8, 9])
        #expect(progress.changes.map(\.origin) == [.inquiry, .inquiry])
        #expect(try progress.updates().count == 1)
    }

    @Test func refundsOfOneBatchEachStartWhereTheOneBeforeEnded() throws {
        var progress = progress([try TestOrders.order(.paid)])
        for (index, (number, own, sum)) in [
            ("R1", 1_000, 1_000), ("R2", 2_500, 3_500), ("R3", 6_500, 10_000),
        ].enumerated() {
            progress.apply(
                TestOrders.seen(TestOrders.refund(number, Int64(own), of: Int64(sum))),
                origin: .inquiry, index: index)
        }
        #expect(progress.changes.map(\.refundedBefore.fen) == [0, 1_000, 3_500])
        #expect(progress.orders["T1"]?.state.status == .refunded)
    }

    // MARK: Reported refunds

    private func reports(
        _ kinds: [ChannelObservation.Kind], requested: [String: Money] = [:]
    ) throws -> (refundNos: [String], due: [String]) {
        var progress = progress([try TestOrders.order(.paid, requested: requested)])
        for (index, kind) in kinds.enumerated() {
            progress.apply(TestOrders.seen(kind), origin: .notify, index: index)
        }
        #expect(progress.changes.isEmpty && progress.poison.isEmpty)
        return (progress.refundReports.map(\.refundNo), progress.ordersLackingRefunds)
    }

    @Test func aRefundThatTheChannelReportsIsQueriedByItsNumber() throws {
        let console = try reports([
            TestOrders.refund("C2", nil, of: 6_000), TestOrders.refund("C1", 3_000, of: 3_000),
        ])
        #expect(console.refundNos == ["C1", "C2"])
        #expect(console.due == ["T1"])
    }

    @Test func aSumWithoutANumberIsQueriedUnderTheOrdersNumber() throws {
        #expect(try reports([TestOrders.refund(nil, nil, of: 3_000)]).refundNos == ["T1"])
    }

    /// Its own sweep queries it; only that becomes due.
    @Test func aReportOfARequestedRefundMakesTheRequestDue() throws {
        let requested = ["R5": Money(fen: 3_000)]
        for number in ["R5", nil] {
            let own = try reports([TestOrders.refund(number, nil, of: 3_000)], requested: requested)
            #expect(own.refundNos == [] && own.due == ["T1"])
        }
    }

    @Test func onlyAPaymentAfterThePublishedClosingIsALatePayment() throws {
        for (status, wanted) in [(OrderStatus.closed, ["T1"]), (.paying, []), (.paid, [])] {
            var progress = progress([try TestOrders.order(status)])
            progress.apply(TestOrders.seen(.paid), origin: .notify, index: 0)
            progress.apply(TestOrders.seen(.closed), origin: .notify, index: 1)
            #expect(progress.latePayments == wanted, "\(status)")
        }
    }

    @Test func aDetailThatBecomesKnownIsStoredWithoutAChange() throws {
        var progress = progress([try TestOrders.order(.paid)])
        progress.apply(
            TestOrders.seen(.paid, at: TestOrders.now.adding(seconds: -60)), origin: .notify,
            index: 0)
        #expect(progress.changes.isEmpty)
        #expect(try progress.updates().count == 1)
        #expect(progress.orders["T1"]?.version == 7)
    }

    // MARK: Poison

    @Test func anOrderThatDoesNotExistIsPoisonAndItsNeighboursGoThrough() throws {
        var progress = progress([
            try TestOrders.order(orderNo: "T1"), try TestOrders.order(orderNo: "T3"),
        ])
        for (index, orderNo) in ["T1", "T2", "T3"].enumerated() {
            progress.apply(TestOrders.seen(.paid, of: orderNo), origin: .notify, index: index)
        }
        #expect(progress.poison.keys.sorted() == [1])
        #expect(progress.poison[1]?.reason == "order_unknown")
        #expect(progress.poison[1]?.error.contains("T2") == true)
        #expect(progress.changes.map(\.order.orderNo) == ["T1", "T3"])
        #expect(try progress.updates().count == 2)
    }

    @Test func anObservationThatDoesNotMatchItsOrderIsPoisonAndChangesNothing() throws {
        let cases: [(ChannelObservation, String)] = [
            (TestOrders.seen(.paid, amount: Money(fen: 9_999)), "amount_mismatch"),
            (TestOrders.seen(.paid, appID: "other"), "app_mismatch"),
            (TestOrders.seen(.paid, sellerID: "other"), "seller_mismatch"),
            (TestOrders.seen(TestOrders.refund("R1", nil, of: 10_001)), "over_refund"),
            (TestOrders.seen(TestOrders.refund("R1", -1, of: 0)), "negative_refund"),
        ]
        for (observation, reason) in cases {
            var progress = progress([try TestOrders.order(.paying)])
            progress.apply(observation, origin: .notify, index: 5)
            #expect(progress.poison.keys.sorted() == [5])
            #expect(progress.poison[5]?.reason == reason)
            #expect(progress.poison[5]?.error.contains("T1") == true)
            #expect(progress.changes.isEmpty)
            #expect(try progress.updates().isEmpty)
            #expect(progress.orders["T1"]?.state == TestOrders.state(.paying))
        }
    }

    // MARK: What is stored

    @Test func theFeesOfAnOrderAreThoseOfWhatIsNotRefunded() throws {
        let paid = try TestOrders.order(.paid).netSplit()
        #expect(paid.merchantFee == Money(fen: 60))
        #expect(paid.channelFee == Money(fen: 20))
        #expect(paid.shares == [10, 10, 20].map { Money(fen: $0) })
        // 60.00 yuan remain.
        let part = try TestOrders.order(.partiallyRefunded).netSplit()
        #expect(part.merchantFee == Money(fen: 36))
        #expect(part.channelFee == Money(fen: 12))
        #expect(try TestOrders.order(.refunded).netSplit().merchantFee == .zero)
    }

    @Test func everyPartyBelowThePlatformIsLookedUp() throws {
        var progress = progress([try TestOrders.order(), try TestOrders.order(orderNo: "T2")])
        #expect(progress.partyNos.isEmpty)
        progress.apply(TestOrders.seen(.paid), origin: .notify, index: 0)
        #expect(progress.partyNos == ["A1", "A2", "M1"])
    }
}
