import Events
import Payments

@testable import Delivery
@testable import Store

/// A claimed delivery and what is sent of it.
enum DeliverySamples {
    static let id = EventID.make(at: now)
    static let now = Timestamp(microseconds: 1_795_140_930_000_000)

    static func delivery(
        attempt: Int32 = 3, status: OrderStatus = .paid, refunded: Int64 = 0, version: Int32 = 2,
        attach: String? = nil, isLate: Bool = false, trace: TraceContext? = nil,
        refund: ClaimDeliveries.Refund? = nil
    ) -> ClaimDeliveries.Row {
        ClaimDeliveries.Row(
            id: id, eventID: "E1", eventType: "order.paid", partyNo: "M1",
            url: "http://shop.example/", attempt: attempt, resentAfter: 0,
            order: ClaimDeliveries.Order(
                orderNo: "T1", merchantNo: "M1", merchantOrderNo: "O1", product: .pc,
                amount: Money(fen: 9_850), refunded: Money(fen: refunded), status: status,
                version: version, paidAt: now, channelTradeNo: "C1", attach: attach,
                isLate: isLate, traceparent: trace?.description),
            refund: refund)
    }

    static func key(
        _ signType: SignType = .hmacSHA256, _ version: Int = 1, _ secret: String = "secret"
    ) throws -> DeliveryKey {
        DeliveryKey(
            Directory.Key(
                signType: signType, version: version,
                key: try SigningKey(signType: signType, secret: secret)))
    }

    static func message(trace: TraceContext? = nil) throws -> DeliveryMessage {
        try DeliveryMessage(delivery(trace: trace), key: key(), at: now)
    }
}
