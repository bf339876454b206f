import Payments
import Postgres
import Sentences
import Store

/// An order in a list.
struct OrderRow: Sendable {
    let orderNo: String
    let merchantNo: String
    let merchantOrderNo: String
    let subject: String
    let amount: String
    let refunded: String?
    let status: String
    let statusName: String
    let acceptedAt: String

    init(_ order: OrderView, _ say: Language) {
        orderNo = order.orderNo
        merchantNo = order.merchantNo
        merchantOrderNo = order.merchantOrderNo
        subject = order.subject
        amount = order.amount.yuan
        refunded = order.refunded == .zero ? nil : order.refunded.yuan
        status = order.status.rawValue
        statusName = Self.name(order.status, say)
        acceptedAt = order.acceptedAt.shanghai
    }

    static func name(_ status: OrderStatus, _ say: Language) -> String {
        switch status {
        case .accepted: say("accepted", "已受理")
        case .paying: say("paying", "支付中")
        case .paid: say("paid", "已支付")
        case .partiallyRefunded: say("partially refunded", "部分退款")
        case .refunded: say("refunded", "已退款")
        case .closed: say("closed", "已关闭")
        }
    }
}

/// Pages of orders within a user's subtree.
enum OrderRows {
    /// - Parameter merchants: `nil` for every merchant.
    static func newest(
        of merchants: [String]?, before: String?, limit: Int,
        in transaction: PostgresTransaction
    ) async throws -> [OrderView] {
        guard let merchants else {
            return try await transaction.run(NewestOrders(before: before, limit: limit))
        }
        return try await transaction.run(
            NewestOrdersOfMerchants(merchants, before: before, limit: limit))
    }
}
