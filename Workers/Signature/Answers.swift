import Channels
import Events
import Payments
import Store
import WorkerRuntime

/// The answers to a batch of submissions, in the submissions' order.
struct Answers: Sendable {
    private enum Answer: Sendable {
        case accepted(NewOrder)
        case repeated(ExistingOrders.Row, eventID: EventID)
        case rejected(OrderRejected)
    }

    private let submissions: [Submission]
    private let now: Timestamp
    private var answers: [Answer?]

    init(to submissions: [Submission], now: Timestamp) {
        self.submissions = submissions
        self.now = now
        answers = Array(repeating: nil, count: submissions.count)
    }

    /// The refusals so far.
    var rejections: [OrderRejected] {
        answers.compactMap { if case .rejected(let rejection) = $0 { rejection } else { nil } }
    }

    mutating func refuse(_ index: Int, _ refusal: Refusal) {
        let submission = submissions[index].event
        answers[index] = .rejected(
            OrderRejected(
                envelope: OrderRejected.envelope(at: now), orderNo: submission.orderNo,
                merchantNo: submission.order.merchantNo,
                merchantOrderNo: submission.order.merchantOrderNo, code: refusal.code,
                detail: refusal.detail, httpStatus: refusal.httpStatus,
                submissionID: submission.envelope.eventID))
    }

    /// Answers with a new order.
    mutating func accept(_ index: Int, _ order: NewOrder) { answers[index] = .accepted(order) }

    /// Answers with the order that an earlier submission made.
    mutating func repeated(_ index: Int, _ first: ExistingOrders.Row) {
        answers[index] = .repeated(first, eventID: .make(at: now))
    }

    /// The answers as events. Where the payer pays is signed here, on all cores, for submissions
    /// that no gateway took: it is the dearest part, and the same for the same order.
    func events(paidThrough channel: any PaymentChannel) async throws -> [OutgoingEvent] {
        let made = await answers.indices.mappedInParallel { index in
            Result { try event(index, channel) }
        }
        return try made.compactMap { try $0.get() }
    }

    private func event(_ index: Int, _ channel: any PaymentChannel) throws -> OutgoingEvent? {
        let submission = submissions[index]
        let accepted: OrderAccepted
        switch answers[index] {
        case nil:
            return nil
        case .rejected(let rejection):
            return try OutgoingEvent(rejection, traceparent: submission.traceparent)
        case .accepted(let order):
            accepted = try OrderAnswer(
                orderNo: order.orderNo, status: .accepted, acceptedAt: order.acceptedAt,
                expiresAt: order.expiresAt, isRepeated: false
            ).event(to: submission, eventID: order.eventID, at: now, paidThrough: channel)
        case .repeated(let first, let eventID):
            accepted = try OrderAnswer(
                orderNo: first.orderNo, status: first.status, acceptedAt: first.acceptedAt,
                expiresAt: first.expiresAt, isRepeated: true
            ).event(to: submission, eventID: eventID, at: now, paidThrough: channel)
        }
        return try OutgoingEvent(accepted, traceparent: submission.traceparent)
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
        to submission: Submission, eventID: EventID, at now: Timestamp,
        paidThrough channel: any PaymentChannel
    ) throws -> OrderAccepted {
        let order = submission.event.order
        // Signed as of the acceptance, so that a repeated submission gets the same answer.
        let handle =
            submission.isAnsweredByGateway
            ? nil
            : try channel.payHandle(
                for: PayRequest(
                    orderNo: orderNo, amount: order.amount, subject: order.subject,
                    product: order.product, expiresAt: expiresAt, returnURL: order.returnURL,
                    clientIP: order.clientIP, attach: order.attach), now: acceptedAt)
        return OrderAccepted(
            envelope: OrderAccepted.envelope(eventID, at: now), orderNo: orderNo,
            merchantNo: order.merchantNo,
            merchantOrderNo: order.merchantOrderNo, product: order.product,
            amountFen: order.amount, status: status, payURL: handle?.url,
            payParams: handle?.parameters,
            acceptedAt: EventTime(acceptedAt), expiresAt: EventTime(expiresAt),
            submissionID: submission.event.envelope.eventID, repeated: isRepeated)
    }
}
