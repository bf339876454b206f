import Channels
import Payments
import Store

/// An order as its merchant reads it.
struct OrderDetailBody: Encodable {
    let orderNo: String
    let merchantNo: String
    let merchantOrderNo: String
    let product: String
    let amountFen: Int64
    let refundedFen: Int64
    let subject: String
    let status: String
    let late: Bool
    let payURL: String?
    let payParams: String?
    let channelTradeNo: String?
    let acceptedAt: String
    let expiresAt: String
    let paidAt: String?
    let closedAt: String?
    let attach: String?
    let refunds: [RefundBody]
    let deliveries: [Delivery]

    /// A delivery to the merchant, of one event.
    struct Delivery: Encodable {
        let event: String
        let status: String
        let attempts: Int32
        let nextAttemptAt: String?
        let acknowledgedAt: String?
    }

    init(
        order: OrderView, payHandle: PayHandle?, refunds: [RefundRow],
        deliveries: [DeliveriesOfOrder.Row]
    ) {
        orderNo = order.orderNo
        merchantNo = order.merchantNo
        merchantOrderNo = order.merchantOrderNo
        product = order.product.rawValue
        amountFen = order.amount.fen
        refundedFen = order.refunded.fen
        subject = order.subject
        status = order.status.rawValue
        late = order.isLate
        payURL = payHandle?.url
        payParams = payHandle?.parameters
        channelTradeNo = order.channelTradeNo
        acceptedAt = order.acceptedAt.rfc3339
        expiresAt = order.expiresAt.rfc3339
        paidAt = order.paidAt?.rfc3339
        closedAt = order.closedAt?.rfc3339
        attach = order.attach
        self.refunds = refunds.map { RefundBody($0, merchantOrderNo: order.merchantOrderNo) }
        // A merchant sees the deliveries to itself, not those to its agents.
        self.deliveries = deliveries.filter { $0.partyNo == order.merchantNo }.map { row in
            Delivery(
                event: row.eventType, status: row.status, attempts: row.attempt,
                nextAttemptAt: row.nextAttemptAt?.rfc3339,
                acknowledgedAt: row.acknowledgedAt?.rfc3339)
        }
    }
}

/// A refund as its merchant reads it.
struct RefundBody: Encodable {
    let refundNo: String
    let merchantRefundNo: String?
    let orderNo: String
    let merchantOrderNo: String
    let amountFen: Int64
    let status: String
    let failure: String?
    let requestedAt: String
    let completedAt: String?

    init(_ row: RefundRow, merchantOrderNo: String) {
        refundNo = row.refundNo
        merchantRefundNo = row.merchantRefundNo
        orderNo = row.orderNo
        self.merchantOrderNo = merchantOrderNo
        amountFen = row.amount.fen
        status = row.status
        failure = row.failure
        requestedAt = row.requestedAt.rfc3339
        completedAt = row.completedAt?.rfc3339
    }
}
