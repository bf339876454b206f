import Events
import Hummingbird
import Payments
import Postgres
import Store
import WorkerRuntime

/// `POST /v1/orders/{merchant_order_no}/refunds`: writes the refund down once for its number, and
/// waits for the channel to have done it.
struct RefundOrder: Sendable {
    let role: RoleContext
    let pool: PostgresPool
    let calls: SignedCall
    let pending: PendingReplies
    let wait: Duration

    private struct Outcome: Sendable {
        let row: RefundRow
        let isNew: Bool
    }

    func respond(to request: Request, merchantOrderNo: String) async throws -> Response {
        let members = try SignedBody.members(await RequestBody.bytes(of: request))
        let refundNo = OrderNumber.make(prefix: "R", at: role.clock.now())
        let question = PendingReplies.CorrelationKey.refund(refundNo)
        let (outcome, _) = try await pending.answer(
            to: question, within: wait, where: { (outcome: Outcome) in outcome.isNew },
            asking: {
                try await pool.transaction { transaction in
                    try await requestRefund(
                        members, merchantOrderNo: merchantOrderNo, refundNo: refundNo,
                        in: transaction)
                }
            })
        guard outcome.isNew else {
            return try JSONAnswer(
                200, RefundAnswer(outcome.row, merchantOrderNo: merchantOrderNo)
            ).response
        }
        let merchantNo = try? RequestReader(fields: members).name("merchant_no")
        let row = try await pool.withConnection { connection in
            try await connection.run(
                RefundByMerchantNo(
                    merchantNo: merchantNo ?? "",
                    merchantRefundNo: outcome.row.merchantRefundNo ?? "")
            ).first
        }
        return try JSONAnswer(
            201, RefundAnswer(row ?? outcome.row, merchantOrderNo: merchantOrderNo)
        ).response
    }

    private func requestRefund(
        _ members: RequestFields, merchantOrderNo: String, refundNo: String,
        in transaction: PostgresTransaction
    ) async throws -> Outcome {
        let merchant = try await calls.merchant(
            members, merchantOrderNo: merchantOrderNo, in: transaction)
        let asked = try SignedBody.refund(members)
        let order = try await transaction.run(
            OrderByMerchantNo(merchantNo: merchant.partyNo, merchantOrderNo: merchantOrderNo)
        ).first
        guard let order else { throw Problem.orderUnknown }
        _ = try await transaction.run(LockOrders([order.orderNo]))
        let known = try await transaction.run(
            RefundByMerchantNo(
                merchantNo: merchant.partyNo, merchantRefundNo: asked.merchantRefundNo)
        ).first
        if let known {
            guard known.orderNo == order.orderNo, known.amount == asked.amount else {
                throw Problem(
                    409, "merchant_refund_no_used",
                    "merchant_refund_no was used for \(known.amount.fen) fen of another refund")
            }
            return Outcome(row: known, isNew: false)
        }
        guard order.status.isPaid else {
            throw Problem(
                409, "order_not_paid", "the order is \(order.status.rawValue), not paid")
        }
        let made = try await transaction.run(
            RequestRefund(
                refundNo: refundNo, orderNo: order.orderNo, merchantNo: merchant.partyNo,
                merchantRefundNo: asked.merchantRefundNo, amount: asked.amount,
                reason: asked.reason, now: role.clock.now())
        ).first
        guard let made else {
            throw Problem(
                409, "refund_exceeds_order",
                "\(asked.amount.fen) fen are more than the order has left to give back")
        }
        return Outcome(row: made, isNew: true)
    }
}

/// The signed body of a call on an order.
enum SignedBody {
    static func members(_ bytes: [UInt8]) throws(Problem) -> RequestFields {
        do throws(EventCodecError) {
            return try EventCodec.decode(RequestFields.self, from: bytes)
        } catch {
            throw .malformed(error.detail)
        }
    }

    struct Refund: Sendable {
        let merchantRefundNo: String
        let amount: Money
        let reason: String
    }

    static func refund(_ members: RequestFields) throws -> Refund {
        let reader = RequestReader(fields: members)
        do {
            return Refund(
                merchantRefundNo: try reader.name("merchant_refund_no"),
                amount: Money(fen: try reader.integer("amount_fen", in: 1...10_000_000_000)),
                reason: try reader.optionalText("reason", maximum: 256) ?? "")
        } catch let error as EventCodecError {
            throw Problem.malformed(error.detail)
        }
    }
}
