import Events
import Payments
import Store
import WorkerRuntime

/// The decisions on a batch of submissions, by their index in the batch.
struct SubmissionDecisions: Sendable {
    private enum Decision: Sendable {
        case accepted(NewOrder)
        case repeated(ExistingOrders.Row, eventID: EventID)
        case rejected(OrderRejected, isAuthenticated: Bool)
    }

    /// An order to be stored, with its submission's index.
    struct Candidate: Sendable {
        let index: Int
        let order: NewOrder
    }

    private let submissions: [Submission]
    private let now: Timestamp
    private var decisions: [Decision?]

    init(on submissions: [Submission], now: Timestamp) {
        self.submissions = submissions
        self.now = now
        decisions = Array(repeating: nil, count: submissions.count)
    }

    /// The rejections so far.
    var rejections: [OrderRejected] {
        decisions.compactMap { if case .rejected(let event, _) = $0 { event } else { nil } }
    }

    /// The rejections so far, to be stored.
    var newRejections: [NewRejection] {
        decisions.compactMap { decision in
            guard case .rejected(let event, let isAuthenticated) = decision else { return nil }
            return NewRejection(event, isAuthenticated: isAuthenticated)
        }
    }

    mutating func refuse(_ index: Int, _ refusal: Refusal) {
        let submission = submissions[index].event
        decisions[index] = .rejected(
            OrderRejected(
                envelope: OrderRejected.envelope(at: now),
                orderNo: submission.orderNo, merchantNo: submission.order.merchantNo,
                merchantOrderNo: submission.order.merchantOrderNo, code: refusal.code,
                detail: refusal.detail, httpStatus: refusal.httpStatus,
                submissionID: submission.envelope.eventID),
            isAuthenticated: refusal.isAuthenticated(for: submission.order.merchantNo))
    }

    /// The candidates without those that have a number, the platform's or the merchant's, of an
    /// earlier one.
    static func withoutRepeats(_ candidates: [Candidate]) -> [Candidate] {
        var orderNos: Set<String> = []
        var merchantsOwn: Set<[String]> = []
        return candidates.filter { candidate in
            let request = candidate.order.request
            let isFirst = orderNos.insert(candidate.order.orderNo).inserted
            return merchantsOwn.insert([request.merchantNo, request.merchantOrderNo]).inserted
                && isFirst
        }
    }

    /// Accepts orders that are stored.
    mutating func accept(_ stored: [Candidate]) {
        for candidate in stored { decisions[candidate.index] = .accepted(candidate.order) }
    }

    /// Accepts those candidates whose order_no was stored, each order_no once: a record may come
    /// twice in one batch.
    /// - Returns: the others, whose merchant_order_no is used already.
    mutating func accept(
        _ candidates: [Candidate], stored orderNos: [String]
    ) -> [Candidate] {
        var stored = Set(orderNos)
        var others: [Candidate] = []
        for candidate in candidates {
            if stored.remove(candidate.order.orderNo) != nil {
                accept([candidate])
            } else {
                others.append(candidate)
            }
        }
        return others
    }

    /// Decides on candidates whose merchant_order_no is used already: the same content gets the
    /// first order again, other content is refused.
    /// - Parameter existing: the orders of those numbers.
    mutating func repeated(_ candidates: [Candidate], existing: [ExistingOrders.Row]) {
        for candidate in candidates {
            let request = candidate.order.request
            let first = existing.first { row in
                row.merchantNo == request.merchantNo
                    && row.merchantOrderNo == request.merchantOrderNo
            }
            if let first, first.contentDigest == candidate.order.contentDigest {
                decisions[candidate.index] = .repeated(first, eventID: .make(at: now))
            } else {
                refuse(candidate.index, .numberUsed(by: first?.orderNo))
            }
        }
    }

    /// The decisions as events. The pay handle is signed here, on all cores, for submissions that
    /// no gateway took: it is the expensive part, and the same for the same order.
    func events(payHandle: @escaping PayHandleSigner) async throws -> [OutgoingEvent] {
        let made = await decisions.indices.mappedInParallel { index in
            Result { try event(index, payHandle) }
        }
        return try made.compactMap { try $0.get() }
    }

    private func event(_ index: Int, _ payHandle: PayHandleSigner) throws -> OutgoingEvent? {
        let submission = submissions[index]
        let accepted: OrderAccepted
        switch decisions[index] {
        case nil:
            return nil
        case .rejected(let rejection, _):
            return try OutgoingEvent(rejection, traceparent: submission.traceparent)
        case .accepted(let order):
            accepted = try AcceptedReply(
                orderNo: order.orderNo, status: .accepted, acceptedAt: order.acceptedAt,
                expiresAt: order.expiresAt, isRepeated: false
            ).event(to: submission, eventID: order.eventID, at: now, payHandle: payHandle)
        case .repeated(let first, let eventID):
            accepted = try AcceptedReply(
                orderNo: first.orderNo, status: first.status, acceptedAt: first.acceptedAt,
                expiresAt: first.expiresAt, isRepeated: true
            ).event(to: submission, eventID: eventID, at: now, payHandle: payHandle)
        }
        return try OutgoingEvent(accepted, traceparent: submission.traceparent)
    }
}
