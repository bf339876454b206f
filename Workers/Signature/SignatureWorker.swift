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

    /// A submission: an order to decide on, or one refused for its size or form.
    public struct Item: Sendable {
        enum Content: Sendable {
            case order(CheckedSubmission)
            case refused(RefusedRecord)
        }

        let content: Content
    }

    public func prepare(_ records: [KafkaRecord]) async -> [Preparation<Item>] {
        let read = await records.mappedInParallel(ReadSubmission.init)
        // Where the database is unavailable, `apply` verifies the signatures.
        let parties = try? await parties(
            of: read.compactMap { if case .order(let submission) = $0 { submission } else { nil } })
        let check = parties.map(SignatureCheck.init)
        return await read.mappedInParallel { result in
            switch result {
            case .order(let submission):
                return .ready(
                    Item(
                        content: .order(
                            CheckedSubmission(
                                submission: submission,
                                signatures: check?.outcome(of: submission.event.order)))))
            case .refused(let refused):
                return .ready(Item(content: .refused(refused)))
            case .poison(let error):
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
        _ items: [Item], in transaction: PostgresTransaction, now: Timestamp
    ) async throws -> BatchEffect {
        var orders: [CheckedSubmission] = []
        var refused: [RefusedRecord] = []
        for item in items {
            switch item.content {
            case .order(let order): orders.append(order)
            case .refused(let record): refused.append(record)
            }
        }
        let decisions = try await decide(orders, in: transaction, now: now)
        let early = refused.map { ($0.rejection(at: now), $0.traceparent) }
        let rejections =
            decisions.newRejections + early.map { NewRejection($0.0, isAuthenticated: false) }
        try await InsertRejections.run(rejections, in: transaction)
        let events = try await decisions.events { [channel] in
            try channel.payHandle(for: $0, now: $1)
        }
        return BatchEffect(
            events: try events + early.map { try OutgoingEvent($0.0, traceparent: $0.1) },
            rejectedCount: rejections.count)
    }

    private func decide(
        _ items: [CheckedSubmission], in transaction: PostgresTransaction, now: Timestamp
    ) async throws -> SubmissionDecisions {
        let submissions = items.map { $0.submission }
        let claims = submissions.compactMap(\.claimedReplay)
        let replayed =
            claims.isEmpty ? [] : try await transaction.run(ReplayedSubmissions(claims))
        let parties = try await directory.entries(of: submissions.partyNos, in: transaction)
        let check = SubmissionCheck(
            of: submissions, parties: parties, account: account, now: now,
            replayed: Set(replayed))
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
        let firstUses = parties.firstUses(in: accepted.map { $0.order.request })
        if !firstUses.isEmpty {
            _ = try await transaction.run(RecordKeyUse(firstUses, now: now))
        }
        return decisions
    }

    /// Stores the accepted orders: by one COPY where every number is new, which is the usual case.
    /// Where some are used, those are found, and only they take the slower way.
    private func store(
        _ accepted: [SubmissionDecisions.Candidate], _ decisions: inout SubmissionDecisions,
        in transaction: PostgresTransaction
    ) async throws {
        let first = SubmissionDecisions.withoutRepeats(accepted)
        if first.count == accepted.count,
            try await copy(accepted, &decisions, in: transaction)
        {
            return
        }
        let used = Set(try await transaction.run(UsedNumbers(accepted.map { $0.order })))
        let new = first.filter { !used.contains($0.order.orderNo) }
        // Another transaction may have used one meanwhile.
        guard try await copy(new, &decisions, in: transaction) else {
            return try await storeNewOnes(accepted, &decisions, in: transaction)
        }
        let copied = Set(new.map(\.index))
        try await storeNewOnes(
            accepted.filter { !copied.contains($0.index) }, &decisions, in: transaction)
    }

    /// Stores orders by COPY, all or none where a number is used; returns whether they are.
    private func copy(
        _ orders: [SubmissionDecisions.Candidate], _ decisions: inout SubmissionDecisions,
        in transaction: PostgresTransaction
    ) async throws -> Bool {
        guard !orders.isEmpty else { return true }
        let isStored = try await CopyNewOrders(orders.map { $0.order }).run(in: transaction)
        if isStored { decisions.accept(orders) }
        return isStored
    }

    private func storeNewOnes(
        _ accepted: [SubmissionDecisions.Candidate], _ decisions: inout SubmissionDecisions,
        in transaction: PostgresTransaction
    ) async throws {
        guard !accepted.isEmpty else { return }
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
