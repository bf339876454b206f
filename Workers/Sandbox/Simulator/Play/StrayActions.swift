import Payments

/// The actions that belong to no order: malformed records, and trades and notifications that only
/// the channel knows.
struct StrayActions {
    private let day: BusinessDay
    private let firstLane: Int
    private var random: SeededRandom

    init(seed: UInt64, day: BusinessDay, firstLane: Int) {
        self.day = day
        self.firstLane = firstLane
        random = SeededRandom(seed: seed, label: "strays")
    }

    /// Each kind at least once, more with more orders.
    mutating func make(orders: Int) -> [PlannedAction] {
        var kinds: [PlannedAction.Kind] = []
        for _ in 0..<max(1, orders / 1000) {
            kinds += [.malformedOrder(.notJSON), .malformedOrder(.wrongShape)]
            kinds += MalformedRecord.allCases.map { .malformedCallback($0) }
        }
        for _ in 0..<max(1, orders / 500) {
            kinds.append(
                .notifyOfUnknownOrder(amount: Money(fen: random.number(in: 100...100_000))))
            kinds.append(.channelOnlyTrade(amount: Money(fen: random.number(in: 100...100_000))))
        }
        return kinds.enumerated().map { index, kind in
            PlannedAction(
                at: day.start.adding(seconds: random.number(in: 600...80_000)),
                lane: firstLane + index,
                kind: kind)
        }
    }
}
