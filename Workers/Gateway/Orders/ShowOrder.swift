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

    func respond(to request: Request, merchantOrderNo: String) async throws -> Response {
        let merchant = try await calls.merchant(
            RequestFields(query: request), merchantOrderNo: merchantOrderNo)
        let body = try await pool.transaction { transaction -> OrderDetailBody in
            let order = try await transaction.run(
                OrderByMerchantNo(
                    merchantNo: merchant.partyNo, merchantOrderNo: merchantOrderNo)
            ).first
            guard let order else { throw Problem.orderUnknown }
            return OrderDetailBody(
                order: order, payHandle: try handle(of: order),
                refunds: try await transaction.run(RefundsOfOrders([order.orderNo])),
                deliveries: try await transaction.run(DeliveriesOfOrder(order.orderNo)))
        }
        return try JSONResponse(200, body).response
    }

    // Only while the order can be paid; the same handle as in the response that accepted it.
    private func handle(of order: OrderView) throws -> PayHandle? {
        guard order.status.isInProgress, clock.now() < order.expiresAt else { return nil }
        return try payHandle(
            PayRequest(
                orderNo: order.orderNo, amount: order.amount, subject: order.subject,
                product: order.product, expiresAt: order.expiresAt, returnURL: order.returnURL,
                clientIP: order.clientIP, attach: order.attach), order.acceptedAt)
    }
}

extension RequestFields {
    /// The fields of a query: all text but `key_version`, the one number among those that are read.
    init(query request: Request) {
        var fields: [String: RequestScalar] = [:]
        for (name, value) in request.uri.queryParameters {
            let text = String(value)
            let number = name == "key_version" ? Int64(text).map(RequestScalar.integer) : nil
            fields[String(name)] = number ?? .text(text)
        }
        self.init(fields)
    }
}
