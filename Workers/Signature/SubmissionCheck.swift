import Channels
import Events
import Payments
import Store

/// Decides on one submission: pure, given what the directory says of the parties, and the time.
struct SubmissionCheck: Sendable {
    enum Decision: Sendable {
        case accept(NewOrder)
        case refuse(Refusal)
    }

    /// How far a signed time may be off, in seconds, either way.
    static let windowSeconds: Int64 = 600
    /// How long a payer has where the merchant doesn't say, in seconds.
    static let defaultExpirySeconds: Int64 = 7_200

    private let parties: Directory.Snapshot
    private let now: Timestamp
    private let routes: OrderRoutes

    /// - Parameters:
    ///   - parties: those that the submissions name.
    ///   - account: whom the payer pays.
    ///   - now: business time.
    init(
        of submissions: [Submission], parties: Directory.Snapshot, account: ChannelAccount,
        now: Timestamp
    ) {
        self.parties = parties
        self.now = now
        routes = OrderRoutes(of: submissions, parties: parties, account: account, now: now)
    }

    /// - Parameter eventID: what tells of the order's acceptance.
    func decide(_ item: CheckedSubmission, eventID: EventID) -> Decision {
        let submission = item.submission
        let order = submission.event.order
        do throws(Refusal) {
            try checkSignatures(of: item)
            try checkTime(of: submission.event)
            guard let merchant = parties[order.merchantNo] else {
                throw .unknownMerchant(order.merchantNo)
            }
            guard merchant.isActive else { throw .inactive(merchant.partyNo) }
            return .accept(try accept(submission, eventID))
        } catch {
            return .refuse(error)
        }
    }

    // What was checked beforehand holds if no party has changed since.
    private func checkSignatures(of item: CheckedSubmission) throws(Refusal) {
        var outcome = item.signatures
        if outcome?.version != parties.version {
            outcome = SignatureCheck(parties: parties).outcome(of: item.submission.event.order)
        }
        if let refusal = outcome?.refusal { throw refusal }
    }

    // Against the time it was received: neither a backlog in the topic nor a clock of this machine
    // that is wrong may make good orders stale.
    private func checkTime(of submission: OrderSubmitted) throws(Refusal) {
        let off = submission.receivedAt.timestamp.seconds(since: submission.order.timestamp)
        guard abs(off) <= Self.windowSeconds else { throw .timestampOff(by: off) }
    }

    private func accept(
        _ submission: Submission, _ eventID: EventID
    ) throws(Refusal) -> NewOrder {
        let order = submission.event.order
        let route = try routes.route(of: order)
        let expiry = order.expiresInSeconds ?? Self.defaultExpirySeconds
        // Nothing is accepted before it was received: a clock of this machine that is behind must
        // not take from the time there is to pay.
        let acceptedAt = max(now, submission.event.receivedAt.timestamp)
        return NewOrder(
            orderNo: submission.event.orderNo, request: order,
            contentDigest: submission.contentDigest, route: route,
            split: try split(order, route.chain),
            submissionID: submission.event.envelope.eventID, eventID: eventID,
            traceparent: submission.traceparent, acceptedAt: acceptedAt,
            expiresAt: acceptedAt.adding(seconds: expiry),
            firstInquiryAt: acceptedAt.adding(
                RetrySchedule.inquiry.next(afterAttempt: 0) ?? .seconds(30)))
    }

    private func split(
        _ order: OrderRequest, _ chain: PartyChain
    ) throws(Refusal) -> FeeSplit {
        do {
            return try chain.split(order.amount)
        } catch {
            throw Refusal(code: "rates_conflict", detail: "\(error)", httpStatus: 403)
        }
    }
}
