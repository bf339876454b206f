import Events
import Payments
import Store
import WorkerRuntime

/// Folds a batch's observations into the locked orders: pure.
struct OrderProgress: Sendable {
    private(set) var orders: [String: LockedOrder]
    /// What changed, in order.
    private(set) var changes: [ChangedOrder] = []
    /// Observations that don't fit their order, by index.
    private(set) var poison: [Int: Poison] = [:]
    private var touched: Set<String> = []
    private let now: Timestamp

    init(orders: [LockedOrder], now: Timestamp) {
        self.orders = Dictionary(orders.map { ($0.orderNo, $0) }) { first, _ in first }
        self.now = now
    }

    mutating func apply(
        _ observation: ChannelObservation, origin: CallbackReceived.Origin, index: Int
    ) {
        guard var order = orders[observation.orderNo] else {
            poison[index] = Poison(
                reason: "order_unknown",
                error: "the channel speaks of order \(observation.orderNo), which isn't ours")
            return
        }
        let decision = order.state.applying(observation, expected: order.expected, now: now)
        switch decision {
        case .unchanged:
            break
        case .mismatch(let mismatch):
            poison[index] = Poison(
                reason: mismatch.reason, error: "order \(order.orderNo): \(mismatch.description)")
        case .changed(let state, let made):
            var given = order.state.refunds.values.reduce(Money.zero, +)
            order.state = state
            touched.insert(order.orderNo)
            for change in made {
                order.version += 1
                changes.append(
                    ChangedOrder(
                        order: order, change: change, observation: observation, origin: origin,
                        refundedBefore: given, now: now))
                if case .refunded(_, let amount, _) = change { given += amount }
            }
            orders[order.orderNo] = order
        }
    }

    /// The orders to write back, each with the fees of what is left of it.
    func updates() throws -> [UpdateOrders.Change] {
        try touched.sorted().compactMap { orderNo in
            guard let order = orders[orderNo] else { return nil }
            return UpdateOrders.Change(order: order, net: try order.netSplit())
        }
    }

    /// Everyone in the chains of the orders that changed.
    var partyNos: Set<String> { Set(changes.flatMap { $0.order.chainPartyNos.dropFirst() }) }
}

extension LockedOrder {
    /// The fees of the part that is not refunded.
    ///
    /// The rates were validated when the order was accepted. If they fell down the chain all the
    /// same, the record becomes a dead letter and the order stays as it is.
    func netSplit() throws(FeeSplitError) -> FeeSplit {
        try .between(state.refunded, state.amount, rates: chainRates)
    }
}
