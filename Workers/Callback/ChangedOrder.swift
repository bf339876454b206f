import Events
import Payments
import Store

/// One change of an order, and the rows and the event made of it.
struct ChangedOrder: Sendable {
    /// The order after the change.
    let order: LockedOrder
    let change: OrderChange
    let eventID: EventID
    let origin: CallbackReceived.Origin
    /// The sum of the order's refunds before this change.
    let refundedBefore: Money
    /// When it happened, by the channel where the channel says.
    let at: Timestamp
    /// When it is recorded.
    let now: Timestamp

    init(
        order: LockedOrder, change: OrderChange, observation: ChannelObservation,
        origin: CallbackReceived.Origin, refundedBefore: Money, now: Timestamp
    ) {
        self.order = order
        self.change = change
        self.eventID = .make(at: now)
        self.origin = origin
        self.refundedBefore = refundedBefore
        self.at = observation.at ?? now
        self.now = now
    }

    /// refund_no and amount, if the change is a refund.
    var refund: (refundNo: String, amount: Money)? {
        if case .refunded(let refundNo, let amount, _) = change { (refundNo, amount) } else { nil }
    }

    var eventType: OrderChanged.EventType { OrderChanged.EventType(change) }

    /// The refund's row, if the change is a refund.
    func completion() throws(FeeSplitError) -> CompleteRefunds.Completion? {
        guard let refund else { return nil }
        return CompleteRefunds.Completion(
            refundNo: refund.refundNo, orderNo: order.orderNo, merchantNo: order.merchantNo,
            amount: refund.amount, refundedBefore: refundedBefore,
            reversal: try .between(
                refundedBefore, refundedBefore + refund.amount, rates: order.chainRates), at: at)
    }

    var timelineEntry: InsertOrderEvents.Entry {
        InsertOrderEvents.Entry(
            orderNo: order.orderNo, version: order.version, eventID: eventID,
            eventType: eventType.rawValue, origin: origin.rawValue, detail: detail, at: at)
    }

    private var detail: String {
        switch change {
        case .paid(let late): late ? "after the order was closed" : ""
        case .refunded(let refundNo, let amount, let cumulative):
            "refund \(refundNo): \(amount.yuan) yuan, \(cumulative.yuan) yuan in all"
        case .paying, .closed: ""
        }
    }

    func event(merchantRefundNo: String?) -> OrderChanged {
        OrderChanged(
            envelope: OrderChanged.envelope(eventType, eventID, at: now),
            orderNo: order.orderNo, merchantNo: order.merchantNo,
            merchantOrderNo: order.merchantOrderNo, product: order.product,
            amountFen: order.state.amount, refundedFen: order.state.refunded,
            status: order.state.status, version: order.version,
            paidAt: EventTime(order.state.paidAt), closedAt: EventTime(order.state.closedAt),
            channelTradeNo: order.state.channelTradeNo, late: order.state.isLate,
            refundNo: refund?.refundNo, merchantRefundNo: merchantRefundNo,
            refundFen: refund?.amount)
    }
}
