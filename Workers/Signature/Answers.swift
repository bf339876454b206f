import Channels
import Events
import Payments
import Store
import WorkerRuntime

/// The answers to a batch of submissions, in the submissions' order.
struct Answers: Sendable {
    private enum Answer: Sendable {
        case accepted(OrderAnswer, eventID: EventID)
        case rejected(OrderRejected)
    }

    private let items: [Submission]
    private let now: Timestamp
    private var answers: [Int: Answer] = [:]
    private var takenOrderNos: Set<String> = []

    init(items: [Submission], now: Timestamp) {
        self.items = items
        self.now = now
    }

    /// The refusals so far.
    var rejections: [OrderRejected] {
        answers.sorted { $0.key < $1.key }.compactMap { _, answer in
            if case .rejected(let rejection) = answer { rejection } else { nil }
        }
    }

    mutating func refuse(_ index: Int, _ refusal: Refusal) {
        let submission = items[index].event
        answers[index] = .rejected(
            OrderRejected(
                envelope: Envelope(
                    eventID: .make(at: now), eventType: "order.rejected", occurredAt: now),
                orderNo: submission.orderNo, merchantNo: submission.order.merchantNo,
                merchantOrderNo: submission.order.merchantOrderNo, code: refusal.code,
                detail: refusal.detail, httpStatus: refusal.httpStatus,
                submissionID: submission.envelope.eventID))
    }

    /// Answers with a new order; `false` if another submission of the batch has it.
    mutating func accept(_ index: Int, _ order: NewOrder, eventID: EventID) -> Bool {
        guard takenOrderNos.insert(order.orderNo).inserted else { return false }
        answers[index] = .accepted(
            OrderAnswer(
                orderNo: order.orderNo, status: .accepted, acceptedAt: order.acceptedAt,
                expiresAt: order.expiresAt, isRepeated: false), eventID: eventID)
        return true
    }

    /// Answers with the order that an earlier submission made.
    mutating func repeated(_ index: Int, _ first: ExistingOrders.Row) {
        answers[index] = .accepted(
            OrderAnswer(
                orderNo: first.orderNo, status: first.status, acceptedAt: first.acceptedAt,
                expiresAt: first.expiresAt, isRepeated: true), eventID: .make(at: now))
    }

    /// The answers as events. Where the payer pays is signed here, on all cores, for submissions
    /// that no gateway took: it is the dearest part, and the same for the same order.
    func events(paidThrough channel: any PaymentChannel) async throws -> [OutgoingEvent] {
        let indices = Array(items.indices)
        let made = await indices.mappedInParallel { index -> Result<OutgoingEvent?, any Error> in
            Result { try event(index, channel) }
        }
        return try made.compactMap { try $0.get() }
    }

    private func event(_ index: Int, _ channel: any PaymentChannel) throws -> OutgoingEvent? {
        let item = items[index]
        switch answers[index] {
        case .rejected(let rejection):
            return try OutgoingEvent(rejection, traceparent: item.traceparent)
        case .accepted(let answer, let eventID):
            let accepted = try answer.event(
                to: item.event, eventID: eventID, at: now,
                paidThrough: item.isAnsweredByGateway ? nil : channel)
            return try OutgoingEvent(accepted, traceparent: item.traceparent)
        case nil:
            return nil
        }
    }
}

/// What a submission is answered with once its order is stored.
private struct OrderAnswer: Sendable {
    let orderNo: String
    let status: OrderStatus
    let acceptedAt: Timestamp
    let expiresAt: Timestamp
    let isRepeated: Bool

    func event(
        to submission: OrderSubmitted, eventID: EventID, at now: Timestamp,
        paidThrough channel: (any PaymentChannel)?
    ) throws -> OrderAccepted {
        let order = submission.order
        // Signed as of the acceptance, so that a repeated submission gets the same answer.
        let handle = try channel?.payHandle(
            for: PayRequest(
                orderNo: orderNo, amount: order.amount, subject: order.subject,
                product: order.product, expiresAt: expiresAt, returnURL: order.returnURL,
                clientIP: order.clientIP, attach: order.attach), now: acceptedAt)
        return OrderAccepted(
            envelope: Envelope(eventID: eventID, eventType: "order.accepted", occurredAt: now),
            orderNo: orderNo, merchantNo: order.merchantNo,
            merchantOrderNo: order.merchantOrderNo, product: order.product,
            amountFen: order.amount, status: status, payURL: handle?.url,
            payParams: handle?.parameters,
            acceptedAt: EventTime(acceptedAt), expiresAt: EventTime(expiresAt),
            submissionID: submission.envelope.eventID, repeated: isRepeated)
    }
}
