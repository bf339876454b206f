public import Channels
import Events
public import Kafka
public import Payments
public import Postgres
public import Store
public import WorkerRuntime

/// Decides on submitted orders: checks every signature, copies the chain of rates into what it
/// accepts, and answers each submission with `orders.accepted` or `orders.rejected`.
public struct SignatureWorker: Worker {
    public let name = "signature"
    public let topics = [OrderSubmitted.topic]

    private let directory: Directory
    private let pool: PostgresPool
    private let channel: any PaymentChannel
    private let account: ChannelAccount

    /// - Parameters:
    ///   - directory: who may sell what, signed how.
    ///   - pool: where the directory is looked up beforehand.
    ///   - channel: signs where the payer pays; it isn't asked anything.
    ///   - account: whom the payer pays at the channel.
    public init(
        directory: Directory, pool: PostgresPool, channel: any PaymentChannel,
        account: ChannelAccount
    ) {
        self.directory = directory
        self.pool = pool
        self.channel = channel
        self.account = account
    }

    public func prepare(_ records: [KafkaRecord]) async -> [Preparation<CheckedSubmission>] {
        let read = await records.mappedInParallel { record -> Result<Submission, EventCodecError> in
            Result { () throws(EventCodecError) in try Submission(reading: record) }
        }
        // Where the directory is away the transaction, when there is one again, checks.
        let parties = try? await parties(of: read.compactMap { try? $0.get() })
        let check = parties.map(SignatureCheck.init)
        return await read.mappedInParallel { result in
            switch result {
            case .success(let submission):
                return .ready(
                    CheckedSubmission(
                        submission: submission,
                        signatures: check?.outcome(of: submission.event.order)))
            case .failure(let error):
                return .poison(Poison(reason: error.reason, error: error.detail))
            }
        }
    }

    private func parties(of submissions: [Submission]) async throws -> Directory.Snapshot {
        try await pool.transaction { transaction in
            try await directory.entries(of: submissions.partyNos, in: transaction)
        }
    }

    public func apply(
        _ items: [CheckedSubmission], in transaction: PostgresTransaction, now: Timestamp
    ) async throws -> BatchEffect {
        let submissions = items.map { $0.submission }
        let check = SubmissionCheck(
            of: submissions,
            parties: try await directory.entries(of: submissions.partyNos, in: transaction),
            account: account, now: now)
        let eventIDs = EventID.make(items.count, at: now)
        let decisions = await items.indices.mappedInParallel { index in
            check.decide(items[index], eventID: eventIDs[index])
        }
        var answers = Answers(to: submissions, now: now)
        var accepted: [Candidate] = []
        for (index, decision) in decisions.enumerated() {
            switch decision {
            case .accept(let order): accepted.append(Candidate(index: index, order: order))
            case .refuse(let refusal): answers.refuse(index, refusal)
            }
        }
        try await store(accepted, &answers, in: transaction)
        let rejections = answers.rejections
        if !rejections.isEmpty { _ = try await transaction.run(InsertRejections(rejections)) }
        return BatchEffect(
            events: try await answers.events(paidThrough: channel),
            rejectedCount: rejections.count)
    }

    /// An order to be stored, and its submission's place in the batch.
    private struct Candidate {
        let index: Int
        let order: NewOrder
    }

    /// Stores what was accepted: all at once where every number is new, which nearly always is so.
    private func store(
        _ accepted: [Candidate], _ answers: inout Answers, in transaction: PostgresTransaction
    ) async throws {
        guard !accepted.isEmpty else { return }
        let orders = accepted.map { $0.order }
        guard try await CopyNewOrders(orders).run(in: transaction) else {
            return try await storeWhatIsNew(accepted, &answers, in: transaction)
        }
        for candidate in accepted { answers.accept(candidate.index, candidate.order) }
    }

    /// A number that was used before is answered like the first time if the content is the same,
    /// and refused if it isn't.
    private func storeWhatIsNew(
        _ accepted: [Candidate], _ answers: inout Answers, in transaction: PostgresTransaction
    ) async throws {
        var inserted = Set(
            try await transaction.run(InsertOrders(accepted.map { $0.order })))
        var used: [Candidate] = []
        for candidate in accepted {
            // A record may come twice in one batch under the same order number; the row is the
            // first's.
            if inserted.remove(candidate.order.orderNo) != nil {
                answers.accept(candidate.index, candidate.order)
            } else {
                used.append(candidate)
            }
        }
        guard !used.isEmpty else { return }
        let existing = try await transaction.run(
            ExistingOrders(
                merchantNos: used.map { $0.order.request.merchantNo },
                merchantOrderNos: used.map { $0.order.request.merchantOrderNo }))
        for candidate in used {
            let request = candidate.order.request
            let first = existing.first { row in
                row.merchantNo == request.merchantNo
                    && row.merchantOrderNo == request.merchantOrderNo
            }
            if let first, first.contentDigest == candidate.order.contentDigest {
                answers.repeated(candidate.index, first)
            } else {
                answers.refuse(candidate.index, .numberUsed(by: first?.orderNo))
            }
        }
    }
}
