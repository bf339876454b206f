public import Payments

/// The plan of a business day: every order, payment, refund and mishap with its time.
///
/// Pure: the same seed, number of orders, day and parties make the same plan on every machine.
public struct DayPlan: Sendable, Equatable {
    /// Seeds every draw of the day.
    public let seed: UInt64
    /// The day that is played; its late payments fall into the next.
    public let day: BusinessDay
    /// Every order, once each.
    public let orders: [PlannedOrder]
    /// The actions, by time and then by lane.
    public let actions: [PlannedAction]
    /// Receivers that fail for certain.
    public let receiverMishaps: [ReceiverMishap]
    /// Payouts that fail for certain: one of each kind, to a merchant each.
    public let bankMishaps: [BankMishap]

    /// When the play starts: 00:05.
    public var start: Timestamp { day.start.adding(seconds: 300) }
    /// When the last action is over: 01:00 of the next day.
    public var end: Timestamp { day.end.adding(seconds: 3600) }

    /// The number of orders that have a scenario.
    public func count(of scenario: OrderScenario) -> Int {
        orders.reduce(0) { $0 + ($1.scenario == scenario ? 1 : 0) }
    }

    /// Plans a day of exactly `count` orders.
    ///
    /// Each mishap occurs at least once where `count` is 100 or more.
    public static func make(
        seed: UInt64, orders count: Int, day: BusinessDay, parties: SampleParties,
        mishaps: DayMishaps = .usual
    ) -> DayPlan {
        var maker = OrderMaker(seed: seed, day: day, parties: parties)
        let heavy = mishaps == .heavy ? HeavyMishaps(seed: seed) : nil
        let orders = scenarios(seed: seed, count: max(0, count)).enumerated().map {
            place, scenario in
            let order = maker.order(place, scenario: scenario)
            return heavy?.order(order) ?? order
        }
        var actions = orders.flatMap { order in
            var script = OrderScript(seed: seed, day: day, order: order)
            let own = script.actions()
            guard let heavy, let paid = own.last(where: { $0.kind == .pay }) else { return own }
            return own + heavy.actions(of: order, paidAt: paid.at)
        }
        var strays = StrayActions(seed: seed, day: day, firstLane: orders.count)
        actions += strays.make(orders: orders.count)
        let ordered = actions.enumerated().sorted { left, right in
            (left.element.at, left.element.lane, left.offset)
                < (right.element.at, right.element.lane, right.offset)
        }
        return DayPlan(
            seed: seed, day: day, orders: orders, actions: ordered.map(\.element),
            receiverMishaps: receiverMishaps(orders: orders, parties: parties),
            bankMishaps: bankMishaps(seed: seed, parties: parties))
    }

    /// Plans a day on which the platform accepts or rejects exactly `count` submissions: an order
    /// whose number is used again with other content counts as two.
    public static func make(
        seed: UInt64, submissions count: Int, day: BusinessDay, parties: SampleParties,
        mishaps: DayMishaps = .usual
    ) -> DayPlan {
        var orders = count
        while orders + OrderScenario.otherContent.count(of: orders) > count { orders -= 1 }
        return make(seed: seed, orders: orders, day: day, parties: parties, mishaps: mishaps)
    }

    /// The scenarios in the order of the orders: each one's share, the rest `paid`, shuffled.
    private static func scenarios(seed: UInt64, count: Int) -> [OrderScenario] {
        var scenarios: [OrderScenario] = []
        for scenario in OrderScenario.allCases {
            let room = count - scenarios.count
            scenarios += Array(repeating: scenario, count: min(room, scenario.count(of: count)))
        }
        scenarios += Array(repeating: .paid, count: count - scenarios.count)
        // The label is part of every seed's day: another one would change all figures.
        var random = SeededRandom(seed: seed, label: "stories|\(count)")
        return random.shuffled(scenarios)
    }

    /// One receiver that never acknowledges, one that hangs, and two that fail at first, an agent's
    /// among them.
    private static func receiverMishaps(
        orders: [PlannedOrder], parties: SampleParties
    ) -> [ReceiverMishap] {
        let ordinary = orders.filter { $0.scenario == .paid }
        let behaviours: [ReceiverBehaviour] = [
            .neverAcknowledges, .hangsFirst, .failsFirst(2, withStatus500: true),
        ]
        var mishaps = zip(ordinary, behaviours).map { order, behaviour in
            ReceiverMishap(
                partyNo: order.merchantNo, merchantOrderNo: order.merchantOrderNo,
                behaviour: behaviour)
        }
        for order in ordinary.dropFirst(behaviours.count) {
            let agent = parties.agents(above: order.merchantNo).first { $0.callbackPath != nil }
            guard let agent else { continue }
            mishaps.append(
                ReceiverMishap(
                    partyNo: agent.partyNo, merchantOrderNo: order.merchantOrderNo,
                    behaviour: .failsFirst(1, withStatus500: false)))
            break
        }
        return mishaps
    }

    private static func bankMishaps(seed: UInt64, parties: SampleParties) -> [BankMishap] {
        var random = SeededRandom(seed: seed, label: "bank mishaps")
        return zip(random.shuffled(parties.merchants), BankMishap.Kind.allCases).compactMap {
            merchant, kind in
            merchant.settlementCard.map {
                BankMishap(kind: kind, merchantNo: merchant.partyNo, cardNo: $0.cardNo)
            }
        }
    }
}
