import Payments
import Simulator
package import Store

/// Compares what merchants see of their orders with the channel's trades: pure.
package struct ChannelViews: Sendable {
    /// The channel's trades, by order number.
    let trades: [String: Trade]
    /// The trades of which the platform was meant to know nothing.
    let channelOnly: Int
    /// The business time of both.
    let now: Timestamp

    /// A sentence for each order whose status or refunds aren't those of its trade.
    package func differences(_ orders: [OrderStates.Row]) -> [String] {
        var known: Set<String> = []
        var found: [String] = []
        for order in orders {
            known.insert(order.orderNo)
            let wanted = wanted(of: order)
            if !wanted.statuses.contains(order.status) || wanted.refunded != order.refunded {
                let names = wanted.statuses.map(\.rawValue).joined(separator: " or ")
                found.append(
                    "order \(order.orderNo) is \(order.status.rawValue) with "
                        + "\(order.refunded.yuan) yuan refunded; the channel has \(names) with "
                        + "\(wanted.refunded.yuan)")
            }
        }
        let unknown = trades.values.filter { $0.paidAt != nil && !known.contains($0.orderNo) }
        if unknown.count != channelOnly {
            found.append(
                "\(unknown.count) paid trades of the channel are of no order, not \(channelOnly)"
            )
        }
        return found
    }

    private func wanted(
        of order: OrderStates.Row
    ) -> (statuses: Set<OrderStatus>, refunded: Money) {
        let trade = trades[order.orderNo]
        guard let trade, trade.paidAt != nil else {
            let isOpen = now < order.expiresAt && trade?.status != .closed
            return (isOpen ? [.accepted, .paying] : [.closed], .zero)
        }
        let status: OrderStatus =
            trade.refunded == .zero
            ? .paid : trade.refunded < order.amount ? .partiallyRefunded : .refunded
        return ([status], trade.refunded)
    }
}
