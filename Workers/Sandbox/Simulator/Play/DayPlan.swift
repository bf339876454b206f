public import Payments

/// A business day before it is played: every order, payer, refund and mishap with its time.
///
/// Pure: the same seed, number, day and parties give the same plan on every machine.
public struct DayPlan: Sendable, Equatable {
    /// Seeds every draw of the day.
    public let seed: UInt64
    /// The day that is played; its late payments reach into the next.
    public let day: BusinessDay
    /// Every order that the platform decides on, once each.
    public let orders: [PlannedOrder]
    /// What happens, by time; at the same time, by lane.
    public let actions: [PlannedAction]
    /// Receivers that fail for certain.
    public let receiverMishaps: [ReceiverMishap]
    /// Payouts that fail for certain: one of each kind, to a merchant each.
    public let bankMishaps: [BankMishap]

    /// When the day's play starts: five past midnight.
    public var start: Timestamp { day.start.adding(seconds: 300) }
    /// When the last of its actions is over: one o'clock of the next day.
    public var end: Timestamp { day.end.adding(seconds: 3600) }

    /// How many orders have a scenario.
    public func count(of scenario: OrderScenario) -> Int {
        orders.reduce(0) { $0 + ($1.scenario == scenario ? 1 : 0) }
    }

    /// Plans a day of exactly `count` orders.
    ///
    /// Each mishap comes at least once where `count` is 100 or more.
    public static func make(
        seed: UInt64, orders count: Int, day: BusinessDay, parties: SampleParties
    ) -> DayPlan {
        var maker = OrderMaker(seed: seed, day: day, parties: parties)
        let orders = scenarios(seed: seed, count: max(0, count)).enumerated().map {
            maker.order($0.offset, scenario: $0.element)
        }
        var actions = orders.flatMap { order in
            var script = OrderScript(seed: seed, day: day, order: order)
            return script.actions()
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

    /// Plans a day on which the platform decides on exactly `count` submissions: an order whose
    /// number is used again for other content makes two of them.
    public static func make(
        seed: UInt64, submissions count: Int, day: BusinessDay, parties: SampleParties
    ) -> DayPlan {
        var orders = count
        while orders + OrderScenario.otherContent.count(of: orders) > count { orders -= 1 }
        return make(seed: seed, orders: orders, day: day, parties: parties)
    }

    /// The scenarios in the order of the orders: the mishaps' shares, the rest paid, shuffled.
    private static func scenarios(seed: UInt64, count: Int) -> [OrderScenario] {
        var scenarios: [OrderScenario] = []
        for scenario in OrderScenario.allCases {
            let room = count - scenarios.count
            scenarios += Array(repeating: scenario, count: min(room, scenario.count(of: count)))
        }
        scenarios += Array(repeating: .paid, count: count - scenarios.count)
        var random = SeededRandom(seed: seed, label: "stories|\(count)")
        return random.shuffled(scenarios)
    }

    /// One receiver that never acknowledges, one that hangs, and two that fail at first; an agent's
    /// among them.
    private static func receiverMishaps(
        orders: [PlannedOrder], parties: SampleParties
    ) -> [ReceiverMishap] {
        let calm = orders.filter { $0.scenario == .paid }
        let behaviours: [ReceiverBehaviour] = [
            .neverAcknowledges, .hangsFirst, .failsFirst(2, withStatus500: true),
        ]
        var mishaps = zip(calm, behaviours).map { order, behaviour in
            ReceiverMishap(
                partyNo: order.merchantNo, merchantOrderNo: order.merchantOrderNo,
                behaviour: behaviour)
        }
        for order in calm.dropFirst(behaviours.count) {
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
