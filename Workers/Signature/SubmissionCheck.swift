import Channels
import Events
import Payments
import Store

/// Decides on one submission: pure, given a snapshot of the parties and the time.
struct SubmissionCheck: Sendable {
    enum Decision: Sendable {
        case accept(NewOrder)
        case refuse(Refusal)
    }

    /// How far a signed timestamp may be off, in seconds, either way.
    static let windowSeconds: Int64 = 600
    /// How long an order can be paid where the merchant doesn't say, in seconds.
    static let defaultExpirySeconds: Int64 = 7_200

    private let parties: Directory.Snapshot
    private let now: Timestamp
    private let routes: OrderRoutes
    private let replayed: Set<EventID>

    /// - Parameters:
    ///   - parties: every party that the submissions name.
    ///   - account: the payee at the channel.
    ///   - now: business time.
    ///   - replayed: dead letters that an operator replayed: they were received long ago.
    init(
        of submissions: [Submission], parties: Directory.Snapshot, account: ChannelAccount,
        now: Timestamp, replayed: Set<EventID> = []
    ) {
        self.parties = parties
        self.now = now
        self.replayed = replayed
        routes = OrderRoutes(of: submissions, parties: parties, account: account, now: now)
    }

    /// - Parameter eventID: the `event_id` of the `order.accepted` event, if it is accepted.
    func decide(_ item: CheckedSubmission, eventID: EventID) -> Decision {
        let submission = item.submission
        let order = submission.event.order
        do throws(Refusal) {
            try checkSignatures(of: item)
            try checkReceipt(of: submission)
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

    // The outcome of `prepare` is valid only while the directory's version is the same.
    private func checkSignatures(of item: CheckedSubmission) throws(Refusal) {
        var outcome = item.signatures
        if outcome?.version != parties.version {
            outcome = SignatureCheck(parties: parties).outcome(of: item.submission.event.order)
        }
        if let refusal = outcome?.refusal { throw refusal }
    }

    // The time of receipt comes from whoever published the record, and decides whether the
    // signature is recent and when the order expires. It must be that of the record, or the time
    // now: a worker may be behind, and its own clock wrong.
    private func checkReceipt(of submission: Submission) throws(Refusal) {
        if let replay = submission.claimedReplay, replayed.contains(replay.id) { return }
        let offsets = [submission.recordedAt, now].compactMap { $0 }.map {
            submission.event.receivedAt.timestamp.seconds(since: $0)
        }
        guard !offsets.contains(where: { abs($0) <= Self.windowSeconds }) else { return }
        throw .receiptOff(by: offsets[0])
    }

    // Compared with the time of receipt: neither a backlog in the topic nor a wrong clock here may
    // make good orders stale.
    private func checkTime(of submission: OrderSubmitted) throws(Refusal) {
        let offset = submission.receivedAt.timestamp.seconds(since: submission.order.timestamp)
        guard abs(offset) <= Self.windowSeconds else { throw .timestampOff(by: offset) }
    }

    private func accept(
        _ submission: Submission, _ eventID: EventID
    ) throws(Refusal) -> NewOrder {
        let order = submission.event.order
        let route = try routes.route(of: order)
        let expiry = order.expiresInSeconds ?? Self.defaultExpirySeconds
        // Never before the time of receipt: a clock here that is behind must not shorten the time
        // to pay.
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
            throw .ratesConflict(error)
        }
    }
}
