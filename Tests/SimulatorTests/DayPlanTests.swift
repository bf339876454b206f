import Payments
import Testing

@testable import Simulator

@Suite("The plan of a day")
struct DayPlanTests {
    static let day = BusinessDay("2026-11-20")!
    static let parties = SampleParties.make(seed: 7)

    static func plan(_ seed: UInt64, _ count: Int) -> DayPlan {
        DayPlan.make(seed: seed, orders: count, day: day, parties: parties)
    }

    @Test("the same seed gives the same plan, another seed another")
    func deterministic() {
        #expect(Self.plan(1, 300) == Self.plan(1, 300))
        #expect(Self.plan(1, 300) != Self.plan(2, 300))
    }

    @Test("a heavy day has its shares of faults, and the same orders as the usual day")
    func heavy() {
        let usual = Self.plan(7, 2_000)
        let heavy = DayPlan.make(
            seed: 7, orders: 2_000, day: Self.day, parties: Self.parties, mishaps: .heavy)
        #expect(heavy.orders.map(\.merchantOrderNo) == usual.orders.map(\.merchantOrderNo))
        #expect(heavy.orders.map(\.amount) == usual.orders.map(\.amount))
        let accepted = heavy.orders.filter(\.scenario.isAccepted)
        func share(_ has: (ChannelFaults) -> Bool) -> Int {
            accepted.count { has($0.faults) } * 100 / accepted.count
        }
        #expect((27...34).contains(share(\.losesNotifications)))
        #expect((17...24).contains(share { $0.repeatedNotifications > 0 }))
        #expect((17...24).contains(share { $0.notificationDelay > 0 }))
        #expect((8...13).contains(share { !$0.answers.isEmpty }))
        #expect((17...24).contains(share(\.keepsFeeOnRefund)))
        // One of a refund's answer and its notification comes.
        #expect(share { $0.losesRefundNotifications && !$0.answers.isEmpty } == 0)
        let console = heavy.actions.compactMap { action -> Int? in
            guard case .consoleRefund(let numbers, _) = action.kind else { return nil }
            return numbers.count
        }
        #expect(console.contains(1) && console.contains(2))
    }

    @Test("exactly n orders, each submitted once", arguments: [0, 1, 7, 36, 100, 1000, 2500])
    func exact(count: Int) {
        let plan = Self.plan(TestSeed.value, count)
        #expect(plan.orders.count == count, "\(TestSeed.note)")
        let submissions = plan.actions.filter { $0.kind == .submit }
        #expect(submissions.map(\.lane).sorted() == Array(0..<count), "\(TestSeed.note)")
        #expect(Set(plan.orders.map(\.merchantOrderNo)).count == count)
    }

    @Test("a hundred orders hold every scenario", arguments: 0..<20)
    func everyScenario(offset: Int) {
        let plan = Self.plan(TestSeed.value &+ UInt64(offset), 100)
        for scenario in OrderScenario.allCases {
            #expect(plan.count(of: scenario) > 0, "\(scenario) is missing, \(TestSeed.note)")
        }
        let kinds = plan.actions.map(\.kind)
        #expect(kinds.contains(.malformedOrder(.notJSON)))
        #expect(kinds.contains(.malformedOrder(.wrongShape)))
        for how in MalformedRecord.allCases { #expect(kinds.contains(.malformedCallback(how))) }
        #expect(kinds.contains { if case .notifyOfUnknownOrder = $0 { true } else { false } })
        #expect(kinds.contains { if case .channelOnlyTrade = $0 { true } else { false } })
        let behaviours = plan.receiverMishaps.map(\.behaviour)
        #expect(behaviours.contains(.neverAcknowledges))
        #expect(behaviours.contains(.hangsFirst))
        #expect(plan.count(of: .ownSystem) >= 2)
        // One payout fails in each way, each to a merchant of its own.
        #expect(Set(plan.bankMishaps.map(\.kind)) == Set(BankMishap.Kind.allCases))
        #expect(Set(plan.bankMishaps.map(\.cardNo)).count == BankMishap.Kind.allCases.count)
    }

    @Test("time goes forward within an order and stays within the day's play")
    func times() {
        let plan = Self.plan(TestSeed.value, 1000)
        var last: [Int: Timestamp] = [:]
        for action in plan.actions {
            #expect(action.at >= plan.start && action.at <= plan.end, "\(TestSeed.note)")
            if let before = last[action.lane] { #expect(action.at >= before) }
            last[action.lane] = action.at
        }
        #expect(plan.actions.map(\.at) == plan.actions.map(\.at).sorted())
    }

    @Test("refunds are at least ten minutes after the payment and from each other, and add up")
    func refunds() {
        let plan = Self.plan(TestSeed.value, 2000)
        for (lane, actions) in Dictionary(grouping: plan.actions, by: \.lane) {
            var last: Timestamp?
            var total = Money.zero
            for action in actions {
                if action.kind == .pay { last = action.at }
                guard case .refund(_, let amount) = action.kind, let before = last else {
                    continue
                }
                #expect(action.at.seconds(since: before) >= 600, "\(TestSeed.note)")
                #expect(action.at < Self.day.end)
                #expect(amount > .zero)
                last = action.at
                total += amount
            }
            guard lane < plan.orders.count else { continue }
            let order = plan.orders[lane]
            switch order.scenario {
            case .refundedInFull, .refundedInPieces, .refundAnswerLost:
                #expect(total == order.amount, "\(TestSeed.note)")
            case .refundedInPart: #expect(total > .zero && total < order.amount)
            default: #expect(total == .zero)
            }
        }
    }

    @Test("orders keep the contract's limits, and only the planned one breaks the product rule")
    func contract() {
        for order in Self.plan(TestSeed.value, 3000).orders {
            #expect((900...7200).contains(order.expiresInSeconds))
            #expect((1...10_000_000_000).contains(order.amount.fen))
            let merchant = Self.parties.party(order.merchantNo)
            #expect((merchant == nil) == (order.scenario == .unknownMerchant))
            if let merchant {
                let isAllowed = merchant.rate(for: order.product) != nil
                #expect(isAllowed == (order.scenario != .productNotAllowed), "\(TestSeed.note)")
                let knowsKey = merchant.keys.contains { $0.keyVersion == order.keyVersion }
                #expect(knowsKey == (order.scenario != .unknownKeyVersion))
            }
        }
    }

    @Test("late scenarios are paid about midnight")
    func midnight() {
        let plan = Self.plan(TestSeed.value, 2000)
        for order in plan.orders {
            let actions = plan.actions.filter { $0.lane == order.index }
            let paid = actions.first { $0.kind == .pay }?.at
            switch order.scenario {
            case .lateAcrossMidnight:
                #expect(actions[0].at < Self.day.end)
                #expect(paid.map { $0 > Self.day.end } == true)
            case .paidAfterClose:
                let expiry = actions[0].at.adding(seconds: 300 + order.expiresInSeconds)
                #expect(expiry <= Self.day.end.adding(seconds: 600), "\(TestSeed.note)")
                #expect(actions[1].at > Self.day.end.adding(seconds: 2000))
                #expect(order.faults.acceptsLatePayment)
            case .bookedNextDay:
                #expect(paid == Self.day.end)
                #expect(order.faults.backdatedPayment.map { $0 < Self.day.end } == true)
            default: if let paid { #expect(paid < Self.day.end, "\(order.scenario)") }
            }
        }
    }
}
