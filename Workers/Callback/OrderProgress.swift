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
    private var lacking: Set<String> = []
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
        let decision = order.state.applying(
            observation, from: origin == .notify ? .notification : .answer,
            expected: order.expected, now: now)
        switch decision {
        case .unchanged:
            break
        case .mismatch(let mismatch):
            poison[index] = Poison(
                reason: mismatch.reason, error: "order \(order.orderNo): \(mismatch.description)")
        case .changed(let state, let made):
            var refundedSoFar = order.state.refunded
            order.state = state
            touched.insert(order.orderNo)
            if case .refunded = observation.kind { lacking.insert(order.orderNo) }
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

    /// Orders of which the channel has now reported more refunds than are proven, in the order of
    /// order_no.
    var ordersLackingRefunds: [String] {
        lacking.sorted().filter { orders[$0]?.state.lacksRefunds ?? false }
    }

    /// The refunds to be queried: those reported by number, and, where only a sum is known and no
    /// request of ours can explain it, the one under the order's own number, which is the request
    /// number of a refund that was made without one.
    var refundReports: [ReportRefunds.Report] {
        ordersLackingRefunds.flatMap { orderNo -> [ReportRefunds.Report] in
            guard let order = orders[orderNo] else { return [] }
            let requested = Set(order.expected.requestedRefunds.keys)
            let known = requested.union(order.state.refunds.keys)
            let named = order.state.reportedRefunds.subtracting(known)
            let open = requested.subtracting(order.state.refunds.keys)
            let numbers = named.isEmpty && open.isEmpty ? [orderNo] : named.sorted()
            return numbers.map { ReportRefunds.Report(orderNo: orderNo, refundNo: $0) }
        }
    }

    /// Orders that were paid in this batch after they had been published as closed.
    var latePayments: [String] {
        changes.filter { $0.change == .paid(late: true) }.map(\.order.orderNo)
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
