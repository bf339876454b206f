public import Channels
import Events
public import Kafka
public import Payments
public import Postgres
public import Store
public import WorkerRuntime

/// Decides on submitted orders: verifies every signature, copies the chain of rates into the orders
/// it accepts, and replies to each submission with `orders.accepted` or `orders.rejected`.
public struct SignatureWorker: Worker {
    public let name = "signature"
    public let topics = [OrderSubmitted.topic]

    private let directory: Directory
    private let pool: PostgresPool
    private let channel: any PaymentChannel
    private let account: ChannelAccount

    /// - Parameters:
    ///   - directory: the parties with their chains, rates and keys.
    ///   - pool: reads the directory in `prepare`, outside the batch's transaction.
    ///   - channel: signs pay handles; makes no network call.
    ///   - account: the payee at the channel.
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
        // Where the database is unavailable, `apply` verifies the signatures.
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
        let decided = await items.indices.mappedInParallel { index in
            check.decide(items[index], eventID: eventIDs[index])
        }
        var decisions = SubmissionDecisions(on: submissions, now: now)
        var accepted: [SubmissionDecisions.Candidate] = []
        for (index, decision) in decided.enumerated() {
            switch decision {
            case .accept(let order): accepted.append(.init(index: index, order: order))
            case .refuse(let refusal): decisions.refuse(index, refusal)
            }
        }
        try await store(accepted, &decisions, in: transaction)
        let rejections = decisions.rejections
        if !rejections.isEmpty { _ = try await transaction.run(InsertRejections(rejections)) }
        return BatchEffect(
            events: try await decisions.events { [channel] in
                try channel.payHandle(for: $0, now: $1)
            },
            rejectedCount: rejections.count)
    }

    /// Stores the accepted orders: by one COPY where every number is new, which is the usual case.
    private func store(
        _ accepted: [SubmissionDecisions.Candidate], _ decisions: inout SubmissionDecisions,
        in transaction: PostgresTransaction
    ) async throws {
        guard !accepted.isEmpty else { return }
        let orders = accepted.map { $0.order }
        guard try await CopyNewOrders(orders).run(in: transaction) else {
            return try await storeNewOnes(accepted, &decisions, in: transaction)
        }
        decisions.accept(accepted)
    }

    private func storeNewOnes(
        _ accepted: [SubmissionDecisions.Candidate], _ decisions: inout SubmissionDecisions,
        in transaction: PostgresTransaction
    ) async throws {
        let stored = try await transaction.run(InsertOrders(accepted.map { $0.order }))
        let used = decisions.accept(accepted, stored: stored)
        guard !used.isEmpty else { return }
        let existing = try await transaction.run(
            ExistingOrders(
                merchantNos: used.map { $0.order.request.merchantNo },
                merchantOrderNos: used.map { $0.order.request.merchantOrderNo }))
        decisions.repeated(used, existing: existing)
    }
}
