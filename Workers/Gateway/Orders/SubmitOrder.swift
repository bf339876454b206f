import Channels
import Events
import Hummingbird
import Logging
import Payments
import Store
import WorkerRuntime

/// `POST /v1/orders`: publishes the order and waits for the decision on it.
struct SubmitOrder: Sendable {
    let role: RoleContext
    let producer: any EventPublisher
    /// Makes the pay handle of an order, signed as of a time.
    let payHandle: @Sendable (PayRequest, Timestamp) throws -> PayHandle
    let pending: PendingReplies
    let wait: Duration

    func respond(to request: Request, remoteIP: String?) async throws -> Response {
        let bytes = try await RequestBody.bytes(of: request)
        let order = try decode(bytes)
        let now = role.clock.now()
        let submission = OrderSubmitted(
            envelope: OrderSubmitted.envelope(at: now),
            orderNo: OrderNumber.make(prefix: "T", at: now), receivedAt: EventTime(now),
            remoteIP: remoteIP, order: order)
        guard await !producer.isBrokerUnavailable else { throw Problem.brokerUnavailable }
        let key = PendingReplies.CorrelationKey.submission(submission.envelope.eventID)
        let (_, decision) = try await pending.reply(to: key, within: wait) {
            try await publish(
                submission, trace: Traceparent.continued(from: request.headers[.traceparent]))
        }
        return try response(to: submission, decision)
    }

    private func publish(_ submission: OrderSubmitted, trace: String) async throws {
        do {
            try await producer.publish([
                OutgoingEvent(
                    submission, traceparent: trace,
                    headers: [.init(OrderSubmitted.answeredByHeader, OrderSubmitted.byGateway)])
            ])
        } catch {
            role.logger.warning(
                "the publish of an order was not acknowledged",
                metadata: [
                    "order_no": "\(submission.orderNo)", "error": "\(error)",
                    "trace_id": "\(TraceContext(trace)?.traceID ?? "")",
                ])
            throw Problem.brokerUnavailable
        }
    }

    private func decode(_ bytes: [UInt8]) throws(Problem) -> OrderRequest {
        do throws(EventCodecError) {
            return try EventCodec.decode(OrderRequest.self, from: bytes)
        } catch {
            throw .malformed(error.detail)
        }
    }

    private func response(
        to submission: OrderSubmitted, _ decision: PendingReplies.Reply?
    ) throws -> Response {
        switch decision {
        case .accepted(let event):
            let body = OrderResponseBody(event, try handle(submission.order, event))
            return try JSONResponse(event.repeated ? 200 : 201, body).response
        case .rejected(let event):
            throw Problem(event.httpStatus, event.code, event.detail)
        case .changed, nil:
            return try JSONResponse(202, UndecidedBody(orderNo: submission.orderNo)).response
        }
    }

    // Signed as of the acceptance, so that the same order sent again gets the same response.
    private func handle(_ order: OrderRequest, _ event: OrderAccepted) throws -> PayHandle {
        try payHandle(
            PayRequest(
                orderNo: event.orderNo, amount: order.amount, subject: order.subject,
                product: order.product, expiresAt: event.expiresAt.timestamp,
                returnURL: order.returnURL, clientIP: order.clientIP, attach: order.attach),
            event.acceptedAt.timestamp)
    }
}

/// The response to an order that was accepted: 201, or 200 to the same order sent again.
private struct OrderResponseBody: Encodable {
    let orderNo: String
    let merchantOrderNo: String
    let status: String
    let payURL: String?
    let payParams: String?
    let expiresAt: String

    init(_ event: OrderAccepted, _ handle: PayHandle) {
        orderNo = event.orderNo
        merchantOrderNo = event.merchantOrderNo
        status = event.status.rawValue
        payURL = handle.url
        payParams = handle.parameters
        expiresAt = event.expiresAt.timestamp.rfc3339
    }
}

/// The response to an order that is published and not decided on within the wait: 202.
private struct UndecidedBody: Encodable {
    let orderNo: String
    let status = "submitted"

    init(orderNo: String) { self.orderNo = orderNo }
}
