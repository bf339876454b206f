import Events
import Hummingbird
import Payments
import Postgres
import Store
import WorkerRuntime

/// `POST /v1/orders/{merchant_order_no}/refunds`: stores the refund once per merchant_refund_no,
/// and waits, up to `wait`, until the channel has made it.
struct RefundOrder: Sendable {
    let role: RoleContext
    let pool: PostgresPool
    let calls: SignedCall
    let pending: PendingReplies
    let wait: Duration

    private struct Recorded: Sendable {
        let row: RefundRow
        let isNew: Bool
    }

    func respond(
        to request: Request, merchantOrderNo: String, remoteIP: String?
    ) async throws -> Response {
        let fields = try SignedBody.fields(await RequestBody.bytes(of: request))
        let merchant = try await calls.merchant(
            fields, merchantOrderNo: merchantOrderNo, action: .refund, remoteIP: remoteIP)
        let wanted = try SignedBody.refund(fields)
        let refundNo = OrderNumber.make(prefix: "R", at: role.clock.now())
        let (recorded, _) = try await pending.reply(
            to: .refund(refundNo), within: wait,
            for: .party(merchant.partyNo),
            where: { (recorded: Recorded) in recorded.isNew },
            sending: {
                try await pool.transaction { transaction in
                    try await record(
                        wanted, of: merchant.partyNo, merchantOrderNo, refundNo: refundNo,
                        in: transaction)
                }
            })
        guard recorded.isNew else {
            return try JSONResponse(
                200, RefundBody(recorded.row, merchantOrderNo: merchantOrderNo)
            ).response
        }
        let row = try await pool.withConnection { connection in
            try await connection.run(
                RefundByMerchantNo(
                    merchantNo: merchant.partyNo, merchantRefundNo: wanted.merchantRefundNo)
            ).first
        }
        return try JSONResponse(
            201, RefundBody(row ?? recorded.row, merchantOrderNo: merchantOrderNo)
        ).response
    }

    private func record(
        _ wanted: SignedBody.Refund, of merchantNo: String, _ merchantOrderNo: String,
        refundNo: String, in transaction: PostgresTransaction
    ) async throws -> Recorded {
        let order = try await transaction.run(
            OrderByMerchantNo(merchantNo: merchantNo, merchantOrderNo: merchantOrderNo)
        ).first
        guard let order else { throw Problem.orderUnknown }
        _ = try await transaction.run(LockOrders([order.orderNo]))
        let known = try await transaction.run(
            RefundByMerchantNo(
                merchantNo: merchantNo, merchantRefundNo: wanted.merchantRefundNo)
        ).first
        if let known {
            guard known.orderNo == order.orderNo, known.amount == wanted.amount else {
                throw Problem(
                    409, "merchant_refund_no_used",
                    "merchant_refund_no was used for another refund of \(known.amount.fen) fen")
            }
            return Recorded(row: known, isNew: false)
        }
        guard order.status.isPaid else {
            throw Problem(
                409, "order_not_paid", "the order is \(order.status.rawValue), not paid")
        }
        let made = try await transaction.run(
            RequestRefund(
                refundNo: refundNo, orderNo: order.orderNo, merchantNo: merchantNo,
                merchantRefundNo: wanted.merchantRefundNo, amount: wanted.amount,
                reason: wanted.reason, now: role.clock.now())
        ).first
        guard let made else {
            throw Problem(
                409, "refund_exceeds_order",
                "\(wanted.amount.fen) fen are more than what remains of the order to refund")
        }
        return Recorded(row: made, isNew: true)
    }
}
