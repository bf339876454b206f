import Channels
import Events
import Hummingbird
import Payments
import Postgres
import Store
import WorkerRuntime

/// `GET /v1/orders/{merchant_order_no}`: the order, its refunds and deliveries.
struct ShowOrder: Sendable {
    let pool: PostgresPool
    let calls: SignedCall
    /// Makes the pay handle of an order, signed as of a time.
    let payHandle: @Sendable (PayRequest, Timestamp) throws -> PayHandle
    let clock: any BusinessClock

    func respond(
        to request: Request, merchantOrderNo: String, remoteIP: String?
    ) async throws -> Response {
        let merchant = try await calls.merchant(
            SignedBody.fields(ofQuery: request), merchantOrderNo: merchantOrderNo, action: .show,
            remoteIP: remoteIP)
        return try await pool.transaction { transaction -> JSONResponse in
            let order = try await transaction.run(
                OrderByMerchantNo(
                    merchantNo: merchant.partyNo, merchantOrderNo: merchantOrderNo)
            ).first
            guard let order else {
                // Refused after its submission was answered 202.
                let rejection = try await transaction.run(
                    LastRejection(
                        merchantNo: merchant.partyNo, merchantOrderNo: merchantOrderNo)
                ).first
                guard let rejection else { throw Problem.orderUnknown }
                return try JSONResponse(200, RejectedBody(rejection))
            }
            return try JSONResponse(
                200,
                OrderDetailBody(
                    order: order, payHandle: try handle(of: order),
                    refunds: try await transaction.run(RefundsOfOrders([order.orderNo])),
                    deliveries: try await transaction.run(DeliveriesOfOrder(order.orderNo))))
        }.response
    }

    /// Whether the payer may still be sent to the channel.
    static func isPayable(_ order: OrderView, at now: Timestamp) -> Bool {
        order.status.isInProgress && order.closeRequestedAt == nil && now < order.expiresAt
    }

    // The same handle as in the response that accepted the order.
    private func handle(of order: OrderView) throws -> PayHandle? {
        guard Self.isPayable(order, at: clock.now()) else { return nil }
        return try payHandle(
            PayRequest(
                orderNo: order.orderNo, amount: order.amount, subject: order.subject,
                product: order.product, expiresAt: order.expiresAt, returnURL: order.returnURL,
                clientIP: order.clientIP, attach: order.attach), order.acceptedAt)
    }
}

/// A number whose submission was refused, and under which there is no order.
struct RejectedBody: Encodable {
    let orderNo: String
    let merchantNo: String
    let merchantOrderNo: String
    let status = "rejected"
    let code: String
    let detail: String
    let rejectedAt: String

    init(_ row: LastRejection.Row) {
        orderNo = row.orderNo
        merchantNo = row.merchantNo
        merchantOrderNo = row.merchantOrderNo
        code = row.code
        detail = row.detail
        rejectedAt = row.rejectedAt.rfc3339
    }
}
