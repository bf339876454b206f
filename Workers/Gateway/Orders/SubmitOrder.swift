import Channels
import Events
import Hummingbird
import Kafka
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
    let quotas: CallerQuotas
    let wait: Duration

    /// What is known of a publish.
    private enum Publish: Sendable {
        case acknowledged
        /// The broker didn't acknowledge it in time: it may have it all the same.
        case unknown
    }

    func respond(
        to request: Request, remoteIP: String?, trace: TraceContext
    ) async throws -> Response {
        let bytes = try await RequestBody.bytes(of: request)
        let order = try decode(bytes)
        let caller = quotas.caller(order.merchantNo, at: remoteIP)
        try quotas.admit(caller)
        let now = role.clock.now()
        let submission = OrderSubmitted(
            envelope: OrderSubmitted.envelope(at: now),
            orderNo: OrderNumber.make(prefix: "T", at: now), receivedAt: EventTime(now),
            remoteIP: remoteIP, order: order)
        let event = try OutgoingEvent(
            submission, traceparent: trace.description,
            headers: [.init(OrderSubmitted.answeredByHeader, OrderSubmitted.byGateway)])
        guard await !producer.isBrokerUnavailable else { throw Problem.brokerUnavailable }
        let key = PendingReplies.CorrelationKey.submission(submission.envelope.eventID)
        // An unknown publish has taken up the wait; the decision may have come all the same.
        let (_, decision) = try await pending.reply(
            to: key, within: wait, for: caller, where: { $0 == Publish.acknowledged },
            sending: { try await publish(event, submission.orderNo, trace) })
        if case .accepted(let accepted) = decision, !accepted.repeated {
            quotas.recordAccepted(order.merchantNo, from: remoteIP)
        }
        return try response(to: submission, decision)
    }

    private func publish(
        _ event: OutgoingEvent, _ orderNo: String, _ trace: TraceContext
    ) async throws -> Publish {
        do {
            try await producer.publish([event])
            return .acknowledged
        } catch {
            let isSurelyNotStored = (error as? KafkaError)?.isSurelyNotStored ?? false
            role.logger.warning(
                "the publish of an order was not acknowledged",
                metadata: [
                    "order_no": "\(orderNo)", "error": "\(error)", "trace_id": "\(trace.traceID)",
                    "outcome": isSurelyNotStored ? "not stored" : "unknown",
                ])
            guard !isSurelyNotStored else { throw Problem.brokerUnavailable }
            return .unknown
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

extension KafkaError {
    /// Whether no broker can have the record: it was never sent, or its topic doesn't exist. After
    /// any other error the outcome isn't known.
    fileprivate var isSurelyNotStored: Bool { isQueueFull || isUnknownTopic }
}

/// The response to an order that is published, or may be, and isn't decided on within the wait:
/// 202.
private struct UndecidedBody: Encodable {
    let orderNo: String
    let status = "submitted"

    init(orderNo: String) { self.orderNo = orderNo }
}
