import Channels
import Events
import Kafka
import Payments
import Postgres
import Store
import WorkerRuntime

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
        let partyNos = Set(submissions.flatMap(\.event.order.partyNos))
        return try await pool.transaction { transaction in
            try await directory.entries(of: partyNos, in: transaction)
        }
    }

    public func apply(
        _ items: [CheckedSubmission], in transaction: PostgresTransaction, now: Timestamp
    ) async throws -> BatchEffect {
        let submissions = items.map(\.submission)
        let partyNos = Set(submissions.flatMap(\.event.order.partyNos))
        let check = SubmissionCheck(
            of: submissions, parties: try await directory.entries(of: partyNos, in: transaction),
            account: account, now: now)
        let decisions = await items.mappedInParallel { check.decide($0) }

        var answers = Answers(items: submissions, now: now)
        var accepted: [Int: NewOrder] = [:]
        for (index, decision) in decisions.enumerated() {
            switch decision {
            case .accept(let order): accepted[index] = order
            case .refuse(let refusal): answers.refuse(index, refusal)
            }
        }
        try await store(accepted, &answers, in: transaction)
        if !answers.rejections.isEmpty {
            _ = try await transaction.run(InsertRejections(answers.rejections))
        }
        return BatchEffect(
            events: try await answers.events(paidThrough: channel),
            rejectedCount: answers.rejections.count)
    }

    /// Stores what was accepted. A number that was used before is answered like the first time if
    /// the content is the same, and refused if it isn't.
    private func store(
        _ accepted: [Int: NewOrder], _ answers: inout Answers, in transaction: PostgresTransaction
    ) async throws {
        guard !accepted.isEmpty else { return }
        let candidates = accepted.sorted { $0.key < $1.key }
        let eventIDs = candidates.map { EventID.make(at: $0.value.acceptedAt) }
        let inserted = Set(
            try await transaction.run(
                InsertOrders(candidates.map(\.value), eventIDs: eventIDs)))
        var used: [(index: Int, order: NewOrder)] = []
        for (position, candidate) in candidates.enumerated() {
            // A record may come twice in one batch under the same order number; the row is its own.
            if inserted.contains(candidate.value.orderNo),
                answers.accept(candidate.key, candidate.value, eventID: eventIDs[position])
            {
                continue
            }
            used.append((candidate.key, candidate.value))
        }
        guard !used.isEmpty else { return }
        let existing = try await transaction.run(
            ExistingOrders(
                merchantNos: used.map(\.order.request.merchantNo),
                merchantOrderNos: used.map(\.order.request.merchantOrderNo)))
        for (index, order) in used {
            let first = existing.first { row in
                row.merchantNo == order.request.merchantNo
                    && row.merchantOrderNo == order.request.merchantOrderNo
            }
            if let first, first.contentDigest == order.contentDigest {
                answers.repeated(index, first)
            } else {
                answers.refuse(index, .numberUsed(by: first?.orderNo))
            }
        }
    }
}
