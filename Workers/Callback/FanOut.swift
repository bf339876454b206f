import Events
import Foundation
import Payments
import Store

/// Whom a change is told: each agent up the chain and the merchant, where they have an address.
struct FanOut: Sendable {
    /// The parties of the batch's chains.
    let entries: Directory.Snapshot

    func deliveries(
        of event: OrderChanged, order: LockedOrder, now: Timestamp
    ) -> [InsertDeliveries.New] {
        guard event.envelope.eventType != OrderChanged.EventType.paying.rawValue else { return [] }
        let payload = String(decoding: body(event, order).json(), as: UTF8.self)
        return order.chainPartyNos.dropFirst().compactMap { partyNo in
            let isMerchant = partyNo == order.merchantNo
            let address = (isMerchant ? order.notifyURL : nil) ?? entries[partyNo]?.callbackURL
            guard let address, let url = URL(string: address), let host = url.host else {
                return nil
            }
            return InsertDeliveries.New(
                id: .make(at: now), orderNo: order.orderNo, partyNo: partyNo,
                eventType: event.envelope.eventType, refundNo: event.refundNo ?? "",
                url: address, receiver: "\(partyNo)@\(host):\(url.port ?? 0)", payload: payload)
        }
    }

    // The members that don't depend on the receiver or the attempt; those are added when it is
    // signed.
    private func body(_ event: OrderChanged, _ order: LockedOrder) -> RequestFields {
        var members: [String: RequestScalar] = [
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
        members["paid_at"] = (event.paidAt?.timestamp.rfc3339).map(RequestScalar.text)
        members["channel_trade_no"] = event.channelTradeNo.map(RequestScalar.text)
        members["attach"] = order.attach.map(RequestScalar.text)
        members["refund_no"] = event.refundNo.map(RequestScalar.text)
        members["merchant_refund_no"] = event.merchantRefundNo.map(RequestScalar.text)
        members["refund_fen"] = (event.refundFen?.fen).map(RequestScalar.integer)
        if event.late { members["late"] = .flag(true) }
        return RequestFields(members)
    }
}
