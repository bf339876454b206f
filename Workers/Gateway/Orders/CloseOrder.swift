import Events
import Hummingbird
import Payments
import Postgres
import Store
import WorkerRuntime

/// `POST /v1/orders/{merchant_order_no}/close`: the inquiry worker closes the order at the channel,
/// and only then it is closed here.
struct CloseOrder: Sendable {
    let role: RoleContext
    let pool: PostgresPool
    let calls: SignedCall
    let pending: PendingReplies
    let wait: Duration

    func respond(
        to request: Request, merchantOrderNo: String, remoteIP: String?
    ) async throws -> Response {
        let fields = try SignedBody.fields(await RequestBody.bytes(of: request))
        let merchant = try await calls.merchant(
            fields, merchantOrderNo: merchantOrderNo, action: .close, remoteIP: remoteIP)
        let found = try await pool.withConnection { connection in
            try await connection.run(
                OrderByMerchantNo(
                    merchantNo: merchant.partyNo, merchantOrderNo: merchantOrderNo)
            ).first
        }
        guard let found else { throw Problem.orderUnknown }
        // No close is requested for an order that is no longer in progress: then it doesn't wait.
        _ = try await pending.reply(
            to: .order(found.orderNo), within: wait,
            for: .party(merchant.partyNo),
            where: { (isRequested: Bool) in isRequested },
            sending: {
                try await pool.withConnection { connection in
                    try await connection.runCount(
                        RequestClose(orderNo: found.orderNo, now: role.clock.now())) == 1
                }
            })
        let order = try await pool.withConnection { connection in
            try await connection.run(OrderByNo(found.orderNo)).first
        }
        return try Self.response(order ?? found)
    }

    /// 200 where the order is closed, 202 while it is being closed, 409 where it was paid.
    static func response(_ order: OrderView) throws -> Response {
        guard !order.status.isPaid else {
            throw Problem(409, "order_paid", "the order was paid; refund it instead")
        }
        let isClosed = order.status == .closed
        return try JSONResponse(
            isClosed ? 200 : 202,
            CloseBody(
                orderNo: order.orderNo, merchantOrderNo: order.merchantOrderNo,
                status: isClosed ? "closed" : "closing",
                closedAt: order.closedAt?.rfc3339)
        ).response
    }
}

private struct CloseBody: Encodable {
    let orderNo: String
    let merchantOrderNo: String
    let status: String
    let closedAt: String?
}
