import Events
import Foundation
import Payments
import Store

/// The deliveries of a change: one to each agent up the chain and one to the merchant, where they
/// have a callback URL. What is sent is made from the order at each attempt.
struct FanOut: Sendable {
    /// Every party in the chains of the batch's orders.
    let entries: Directory.Snapshot

    /// None for `order.paying`. The order's notify_url replaces the merchant's callback URL.
    func deliveries(
        of event: OrderChanged, order: LockedOrder, now: Timestamp
    ) -> [InsertDeliveries.New] {
        guard event.envelope.eventType != OrderChanged.EventType.paying.rawValue else { return [] }
        return order.chainPartyNos.dropFirst().compactMap { partyNo in
            let isMerchant = partyNo == order.merchantNo
            let text = (isMerchant ? order.notifyURL : nil) ?? entries[partyNo]?.callbackURL
            guard let text, let url = URL(string: text), let host = url.host else {
                return nil
            }
            return InsertDeliveries.New(
                id: .make(at: now), eventID: event.envelope.eventID, orderNo: order.orderNo,
                partyNo: partyNo, eventType: event.envelope.eventType,
                refundNo: event.refundNo ?? "", url: text,
                receiver: "\(partyNo)@\(host):\(url.port ?? 0)")
        }
    }
}
