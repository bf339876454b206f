import Events
import Payments

@testable import Callback
@testable import Store

/// Orders and observations of these tests: 100.00 yuan, sold by M1 under A2 under A1 under P0.
enum TestOrders {
    static let now = Timestamp(microseconds: 1_795_140_930_000_000)
    static let amount = Money(fen: 10_000)

    static func state(_ status: OrderStatus) -> OrderState {
        let refunded: [OrderStatus: Int64] = [.partiallyRefunded: 4_000, .refunded: 10_000]
        let fen = refunded[status] ?? 0
        return OrderState(
            status: status, amount: amount, refunded: Money(fen: fen),
            paidAt: status.isPaid ? now : nil, closedAt: status == .closed ? now : nil,
            channelTradeNo: status == .accepted ? nil : "C1",
            refunds: fen > 0 ? ["R1": Money(fen: fen)] : [:])
    }

    static func order(
        _ status: OrderStatus = .accepted, orderNo: String = "T1", notifyURL: String? = nil,
        attach: String? = nil, chain: [String] = ["P0", "A1", "A2", "M1"],
        ppm: [Int64] = [2_000, 3_000, 4_000, 6_000], version: Int = 7,
        requested: [String: Money] = [:]
    ) throws -> LockedOrder {
        LockedOrder(
            orderNo: orderNo, merchantNo: "M1", merchantOrderNo: "SHOP-\(orderNo)", product: .pc,
            notifyURL: notifyURL, attach: attach, chainPartyNos: chain,
            chainRates: try ppm.map { try Rate(ppm: $0) }, state: state(status), version: version,
            expected: ExpectedOrder(
                orderNo: orderNo, amount: amount, appID: "app", sellerID: "seller",
                expiresAt: now.adding(seconds: -1), requestedRefunds: requested),
            traceparent: nil)
    }

    static func seen(
        _ kind: ChannelObservation.Kind, of orderNo: String = "T1", amount: Money = amount,
        appID: String = "app", sellerID: String = "seller", at time: Timestamp? = now
    ) -> ChannelObservation {
        ChannelObservation(
            orderNo: orderNo, tradeNo: kind == .notFound ? nil : "C1", kind: kind, amount: amount,
            appID: appID, sellerID: sellerID, at: time)
    }

    static func refund(_ number: String?, _ fen: Int64?, of cumulative: Int64)
        -> ChannelObservation.Kind
    {
        .refunded(
            refundNo: number, refundAmount: fen.map { Money(fen: $0) },
            cumulative: Money(fen: cumulative))
    }
}
