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
    let channel: any PaymentChannel
    let clock: any BusinessClock

    func respond(to request: Request, merchantOrderNo: String) async throws -> Response {
        let members = RequestFields(query: request)
        let view = try await pool.transaction { transaction -> OrderAnswerView in
            let merchant = try await calls.merchant(
                members, merchantOrderNo: merchantOrderNo, in: transaction)
            let order = try await transaction.run(
                OrderByMerchantNo(
                    merchantNo: merchant.partyNo, merchantOrderNo: merchantOrderNo)
            ).first
            guard let order else { throw Problem.orderUnknown }
            return OrderAnswerView(
                order: order, payHandle: try payHandle(of: order),
                refunds: try await transaction.run(RefundsOfOrders([order.orderNo])),
                deliveries: try await transaction.run(DeliveriesOfOrder(order.orderNo)),
                merchantNo: merchant.partyNo)
        }
        return try JSONAnswer(200, view).response
    }

    // Where it can still be paid; the same as the first answer's.
    private func payHandle(of order: OrderView) throws -> PayHandle? {
        guard order.status.isInProgress, clock.now() < order.expiresAt else { return nil }
        return try channel.payHandle(
            for: PayRequest(
                orderNo: order.orderNo, amount: order.amount, subject: order.subject,
                product: order.product, expiresAt: order.expiresAt, returnURL: order.returnURL,
                clientIP: order.clientIP, attach: order.attach), now: order.acceptedAt)
    }
}

extension RequestFields {
    /// The members of a query: `key_version` is the only number among those that are read.
    init(query request: Request) {
        var members: [String: RequestScalar] = [:]
        for (name, value) in request.uri.queryParameters {
            let text = String(value)
            let number = name == "key_version" ? Int64(text).map(RequestScalar.integer) : nil
            members[String(name)] = number ?? .text(text)
        }
        self.init(members)
    }
}

/// An order as its merchant reads it.
struct OrderAnswerView: Encodable {
    let orderNo: String
    let merchantNo: String
    let merchantOrderNo: String
    let product: String
    let amountFen: Int64
    let refundedFen: Int64
    let subject: String
    let status: String
    let late: Bool
    let payURL: String?
    let payParams: String?
    let channelTradeNo: String?
    let acceptedAt: String
    let expiresAt: String
    let paidAt: String?
    let closedAt: String?
    let attach: String?
    let refunds: [RefundAnswer]
    let deliveries: [DeliveryAnswer]

    struct DeliveryAnswer: Encodable {
        let event: String
        let status: String
        let attempts: Int32
        let nextAttemptAt: String?
        let acknowledgedAt: String?
    }

    init(
        order: OrderView, payHandle: PayHandle?, refunds: [RefundRow],
        deliveries: [DeliveriesOfOrder.Row],
        merchantNo: String
    ) {
        orderNo = order.orderNo
        self.merchantNo = order.merchantNo
        merchantOrderNo = order.merchantOrderNo
        product = order.product.rawValue
        amountFen = order.amount.fen
        refundedFen = order.refunded.fen
        subject = order.subject
        status = order.status.rawValue
        late = order.isLate
        payURL = payHandle?.url
        payParams = payHandle?.parameters
        channelTradeNo = order.channelTradeNo
        acceptedAt = order.acceptedAt.rfc3339
        expiresAt = order.expiresAt.rfc3339
        paidAt = order.paidAt?.rfc3339
        closedAt = order.closedAt?.rfc3339
        attach = order.attach
        self.refunds = refunds.map { RefundAnswer($0, merchantOrderNo: order.merchantOrderNo) }
        // A merchant sees what it was told itself, not what its agents were.
        self.deliveries = deliveries.filter { $0.partyNo == merchantNo }.map { row in
            DeliveryAnswer(
                event: row.eventType, status: row.status, attempts: row.attempt,
                nextAttemptAt: row.nextAttemptAt?.rfc3339,
                acknowledgedAt: row.acknowledgedAt?.rfc3339)
        }
    }
}

/// A refund as its merchant reads it.
struct RefundAnswer: Encodable {
    let refundNo: String
    let merchantRefundNo: String?
    let orderNo: String
    let merchantOrderNo: String
    let amountFen: Int64
    let status: String
    let failure: String?
    let requestedAt: String
    let completedAt: String?

    init(_ row: RefundRow, merchantOrderNo: String) {
        refundNo = row.refundNo
        merchantRefundNo = row.merchantRefundNo
        orderNo = row.orderNo
        self.merchantOrderNo = merchantOrderNo
        amountFen = row.amount.fen
        status = row.status
        failure = row.failure
        requestedAt = row.requestedAt.rfc3339
        completedAt = row.completedAt?.rfc3339
    }
}
