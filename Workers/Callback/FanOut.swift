import Events
import Foundation
import Payments
import Store

/// The deliveries of a change: one to each agent up the chain and one to the merchant, where they
/// have a callback URL.
struct FanOut: Sendable {
    /// Every party in the chains of the batch's orders.
    let entries: Directory.Snapshot

    /// None for `order.paying`. The order's notify_url replaces the merchant's callback URL.
    func deliveries(
        of event: OrderChanged, order: LockedOrder, now: Timestamp
    ) -> [InsertDeliveries.New] {
        guard event.envelope.eventType != OrderChanged.EventType.paying.rawValue else { return [] }
        let payload = String(decoding: body(event, order).json(), as: UTF8.self)
        return order.chainPartyNos.dropFirst().compactMap { partyNo in
            let isMerchant = partyNo == order.merchantNo
            let text = (isMerchant ? order.notifyURL : nil) ?? entries[partyNo]?.callbackURL
            guard let text, let url = URL(string: text), let host = url.host else {
                return nil
            }
            return InsertDeliveries.New(
                id: .make(at: now), orderNo: order.orderNo, partyNo: partyNo,
                eventType: event.envelope.eventType, refundNo: event.refundNo ?? "",
                url: text, receiver: "\(partyNo)@\(host):\(url.port ?? 0)", payload: payload)
        }
    }

    // The fields that don't depend on the receiver or the attempt; the others are added at signing.
    private func body(_ event: OrderChanged, _ order: LockedOrder) -> RequestFields {
        var fields: [String: RequestScalar] = [
            "event_id": .text(event.envelope.eventID.description),
            "event": .text(event.envelope.eventType),
            "order_no": .text(event.orderNo),
            "merchant_no": .text(event.merchantNo),
            "merchant_order_no": .text(event.merchantOrderNo),
            "product": .text(event.product.rawValue),
            "amount_fen": .integer(event.amountFen.fen),
            "refunded_fen": .integer(event.refundedFen.fen),
            "status": .text(event.status.rawValue),
        ]
        fields["paid_at"] = (event.paidAt?.timestamp.rfc3339).map(RequestScalar.text)
        fields["channel_trade_no"] = event.channelTradeNo.map(RequestScalar.text)
        fields["attach"] = order.attach.map(RequestScalar.text)
        fields["refund_no"] = event.refundNo.map(RequestScalar.text)
        fields["merchant_refund_no"] = event.merchantRefundNo.map(RequestScalar.text)
        fields["refund_fen"] = (event.refundFen?.fen).map(RequestScalar.integer)
        if event.late { fields["late"] = .flag(true) }
        return RequestFields(fields)
    }
}
