import Events
import Payments
import Store

/// The fields of a delivery that depend neither on the receiver nor on the attempt.
enum DeliveryFields {
    static func of(_ delivery: ClaimDeliveries.Row) -> [String: RequestScalar] {
        let order = delivery.order
        var fields: [String: RequestScalar] = [
            "event_id": .text(delivery.eventID),
            "event": .text(delivery.eventType),
            "order_no": .text(order.orderNo),
            "merchant_no": .text(order.merchantNo),
            "merchant_order_no": .text(order.merchantOrderNo),
            "product": .text(order.product.rawValue),
            "amount_fen": .integer(order.amount.fen),
            "refunded_fen": .integer(order.refunded.fen),
            "status": .text(order.status.rawValue),
            "version": .integer(Int64(order.version)),
        ]
        fields["paid_at"] = (order.paidAt?.rfc3339).map(RequestScalar.text)
        fields["channel_trade_no"] = order.channelTradeNo.map(RequestScalar.text)
        fields["attach"] = order.attach.map(RequestScalar.text)
        if order.isLate { fields["late"] = .flag(true) }
        if let refund = delivery.refund {
            fields["refund_no"] = .text(refund.refundNo)
            fields["merchant_refund_no"] = refund.merchantRefundNo.map(RequestScalar.text)
            fields["refund_fen"] = .integer(refund.amount.fen)
        }
        return fields
    }
}
