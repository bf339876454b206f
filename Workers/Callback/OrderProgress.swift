import Events
import Payments
import Store
import WorkerRuntime

/// Applies a batch's observations to its locked orders, one after the other: pure.
struct OrderProgress: Sendable {
    private(set) var orders: [String: LockedOrder]
    /// The changes, in the order of the observations.
    private(set) var changes: [ChangedOrder] = []
    /// Observations that don't match an order, by their index in the batch.
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
                error: "the channel's message is about order \(observation.orderNo), which doesn't "
                    + "exist here")
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
            var refundedSoFar = order.state.refunds.values.reduce(Money.zero, +)
            order.state = state
            touched.insert(order.orderNo)
            for change in made {
                order.version += 1
                changes.append(
                    ChangedOrder(
                        order: order, change: change, observation: observation, origin: origin,
                        refundedBefore: refundedSoFar, now: now))
                if case .refunded(_, let amount, _) = change { refundedSoFar += amount }
            }
            orders[order.orderNo] = order
        }
    }

    /// The orders to update, each with the fees of what isn't refunded, in the order of order_no.
    func updates() throws -> [UpdateOrders.Change] {
        try touched.sorted().compactMap { orderNo in
            guard let order = orders[orderNo] else { return nil }
            return UpdateOrders.Change(order: order, net: try order.netSplit())
        }
    }

    /// party_no of every agent and merchant in the chains of the orders that changed.
    var partyNos: Set<String> { Set(changes.flatMap { $0.order.chainPartyNos.dropFirst() }) }
}

extension LockedOrder {
    /// The fees of the part that is not refunded.
    ///
    /// The rates were validated when the order was accepted. If a stored chain is wrong all the
    /// same, the record becomes a dead letter and the order doesn't change.
    func netSplit() throws(FeeSplitError) -> FeeSplit {
        try .between(state.refunded, state.amount, rates: chainRates)
    }
}
