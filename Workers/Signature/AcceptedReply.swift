import Channels
import Events
import Payments

/// The fields of the reply to an accepted submission, read from its stored order.
struct AcceptedReply: Sendable {
    let orderNo: String
    let status: OrderStatus
    let acceptedAt: Timestamp
    let expiresAt: Timestamp
    /// Whether an earlier submission made the order.
    let isRepeated: Bool

    /// The reply as an event, with the pay handle unless a gateway builds it.
    func event(
        to submission: Submission, eventID: EventID, at now: Timestamp,
        payHandle: PayHandleSigner
    ) throws -> OrderAccepted {
        let order = submission.event.order
        // Signed as of the acceptance, so that a repeated submission gets the same reply.
        let handle =
            submission.isAnsweredByGateway
            ? nil
            : try payHandle(
                PayRequest(
                    orderNo: orderNo, amount: order.amount, subject: order.subject,
                    product: order.product, expiresAt: expiresAt, returnURL: order.returnURL,
                    clientIP: order.clientIP, attach: order.attach), acceptedAt)
        return OrderAccepted(
            envelope: OrderAccepted.envelope(eventID, at: now),
            orderNo: orderNo, merchantNo: order.merchantNo,
            merchantOrderNo: order.merchantOrderNo, product: order.product,
            amountFen: order.amount, status: status, payURL: handle?.url,
            payParams: handle?.parameters,
            acceptedAt: EventTime(acceptedAt), expiresAt: EventTime(expiresAt),
            submissionID: submission.event.envelope.eventID, repeated: isRepeated)
    }
}

/// Makes the pay handle of an order, signed as of a time; makes no network call.
typealias PayHandleSigner = @Sendable (PayRequest, Timestamp) throws -> PayHandle
