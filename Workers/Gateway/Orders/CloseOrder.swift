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

    func respond(to request: Request, merchantOrderNo: String) async throws -> Response {
        let members = try SignedBody.members(await RequestBody.bytes(of: request))
        let order = try await pool.transaction { transaction -> OrderView in
            let merchant = try await calls.merchant(
                members, merchantOrderNo: merchantOrderNo, in: transaction)
            let order = try await transaction.run(
                OrderByMerchantNo(
                    merchantNo: merchant.partyNo, merchantOrderNo: merchantOrderNo)
            ).first
            guard let order else { throw Problem.orderUnknown }
            return order
        }
        let question = PendingReplies.CorrelationKey.order(order.orderNo)
        // An order that isn't in progress any more has its answer already.
        _ = try await pending.answer(
            to: question, within: wait, where: { (isAsked: Bool) in isAsked },
            asking: {
                try await pool.withConnection { connection in
                    try await connection.runCount(
                        RequestClose(orderNo: order.orderNo, now: role.clock.now())) == 1
                }
            })
        return try await answer(order)
    }

    private func answer(_ before: OrderView) async throws -> Response {
        let order =
            try await pool.withConnection { connection in
                try await connection.run(OrderByNo(before.orderNo)).first
            } ?? before
        guard !order.status.isPaid else {
            throw Problem(409, "order_paid", "the order was paid; refund it instead")
        }
        let isClosed = order.status == .closed
        return try JSONAnswer(
            isClosed ? 200 : 202,
            CloseAnswer(
                orderNo: order.orderNo, merchantOrderNo: order.merchantOrderNo,
                status: isClosed ? "closed" : "closing",
                closedAt: order.closedAt?.rfc3339)
        ).response
    }
}

private struct CloseAnswer: Encodable {
    let orderNo: String
    let merchantOrderNo: String
    let status: String
    let closedAt: String?
}
