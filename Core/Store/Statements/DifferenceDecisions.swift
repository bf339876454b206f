public import Payments
public import Postgres

/// People's decisions on differences: one person decides, and above the limit another one approves.
///
/// Every decision is in the audit log, and what it books is a journal of the same transaction.
public struct DifferenceDecisions: Sendable {
    /// Why nothing was decided; nothing is changed.
    public enum Refusal: Error, Equatable, CustomStringConvertible {
        /// There is no difference of this number.
        case unknown(Int64)
        /// It has ended.
        case resolved(Int64, how: String)
        /// A decision waits for a second person.
        case waits(Int64, maker: String)
        /// No decision waits.
        case nothingWaits(Int64)
        /// The user made the decision, so another one must approve or refuse it.
        case ownDecision(Int64)
        /// The reason `other` needs a comment.
        case commentMissing
        /// A comment or note isn't printable text of at most 1,000 characters.
        case commentUnreadable
        /// The order, the refund or the difference has changed since the decision was made.
        case changed(Int64)

        /// What is wrong and what to do.
        public var description: String {
            switch self {
            case .unknown(let id): "there is no difference \(id)"
            case .resolved(let id, let how): "difference \(id) has ended: \(how)"
            case .waits(let id, let maker):
                "on difference \(id) a decision of \(maker) waits for a second person: approve or "
                    + "refuse it"
            case .nothingWaits(let id): "no decision on difference \(id) waits for a second person"
            case .ownDecision(let id):
                "you made the decision on difference \(id): another person must approve or "
                    + "refuse it"
            case .commentMissing: "the reason other needs a comment"
            case .commentUnreadable:
                "a comment is at most 1,000 characters without control characters"
            case .changed(let id):
                "the order or refund of difference \(id) has changed since the decision was made: "
                    + "refuse it and decide again"
            }
        }
    }

    let user: User
    let limit: Money
    let now: Timestamp

    /// - Parameters:
    ///   - user: who decides; the caller has checked the permission.
    ///   - limit: a decision on more than this waits for a second person.
    public init(user: User, limit: Money, now: Timestamp) {
        self.user = user
        self.limit = limit
        self.now = now
    }

    /// Decides; applies at once up to the limit.
    /// - Returns: whether it applies, or waits for a second person.
    /// - Throws: ``Refusal``, `DifferenceRefusal`.
    public func resolve(
        _ id: Int64, _ action: DifferenceResolution.Action, reason: DifferenceResolution.Reason,
        comment: String, in transaction: PostgresTransaction
    ) async throws -> Bool {
        try Self.check(comment)
        guard reason != .other || !comment.isEmpty else { throw Refusal.commentMissing }
        let difference = try await unresolved(id, in: transaction)
        if let waiting = difference.decision, !waiting.isApplied {
            throw Refusal.waits(id, maker: waiting.maker)
        }
        let resolution = try DifferenceResolution(action, of: difference.facts)
        let isApplied = resolution.stake <= limit
        do throws(PostgresError) {
            _ = try await transaction.run(
                InsertResolution(
                    resolution, of: id, reason: reason, comment: comment, limit: limit,
                    isApplied: isApplied, user: user, now: now))
        } catch {
            // Another person has decided since the difference was locked.
            guard error.sqlState == "23505" else { throw error }
            throw Refusal.waits(id, maker: "another person")
        }
        if isApplied {
            try await apply(
                resolution, to: difference, by: user.login, reason: reason, in: transaction)
        }
        return isApplied
    }

    /// Approves another person's decision, which then applies.
    /// - Throws: ``Refusal``, `DifferenceRefusal`.
    public func approve(_ id: Int64, in transaction: PostgresTransaction) async throws {
        let (difference, decision) = try await waiting(id, in: transaction)
        let resolution = try DifferenceResolution(decision.action, of: difference.facts)
        guard resolution.adjustment == decision.adjustment, resolution.stake == decision.stake
        else { throw Refusal.changed(id) }
        try await decide(decision, of: id, isApproved: true, note: "", in: transaction)
        try await apply(
            resolution, to: difference, by: "\(decision.maker) and \(user.login)",
            reason: decision.reason, in: transaction)
    }

    /// Refuses another person's decision; the difference is as it was.
    /// - Throws: ``Refusal``.
    public func refuse(
        _ id: Int64, note: String, in transaction: PostgresTransaction
    ) async throws {
        try Self.check(note)
        let (_, decision) = try await waiting(id, in: transaction)
        try await decide(decision, of: id, isApproved: false, note: note, in: transaction)
    }

    private func decide(
        _ decision: DifferenceDecision, of id: Int64, isApproved: Bool, note: String,
        in transaction: PostgresTransaction
    ) async throws {
        let decided = try await transaction.run(
            DecideResolution(
                decision, of: id, isApproved: isApproved, note: note, user: user, now: now))
        guard !decided.isEmpty else { throw Refusal.nothingWaits(id) }
    }

    private func waiting(
        _ id: Int64, in transaction: PostgresTransaction
    ) async throws -> (DifferenceByID.Row, DifferenceDecision) {
        let difference = try await unresolved(id, in: transaction)
        guard let decision = difference.decision, !decision.isApplied else {
            throw Refusal.nothingWaits(id)
        }
        guard decision.madeBy != user.userNo else { throw Refusal.ownDecision(id) }
        return (difference, decision)
    }

    private func unresolved(
        _ id: Int64, in transaction: PostgresTransaction
    ) async throws -> DifferenceByID.Row {
        guard let difference = try await transaction.run(LockDifference(id)).first else {
            throw Refusal.unknown(id)
        }
        guard difference.status != "resolved" else {
            throw Refusal.resolved(id, how: difference.resolution ?? "resolved")
        }
        return difference
    }

    private func apply(
        _ resolution: DifferenceResolution, to difference: DifferenceByID.Row, by people: String,
        reason: DifferenceResolution.Reason, in transaction: PostgresTransaction
    ) async throws {
        let action = resolution.action.rawValue.replacing("_", with: " ")
        _ = try await transaction.run(
            ApplyResolution(
                difference.id,
                matches: resolution.action == .accept && !difference.facts.isMatched,
                text: "\(action) by \(people): \(reason.rawValue.replacing("_", with: " "))",
                now: now))
        if let journal = try resolution.journal(differenceID: difference.id) {
            _ = try await transaction.run(PostJournal(journal, now: now))
        }
    }

    private static func check(_ text: String) throws(Refusal) {
        guard text.count <= 1_000, !text.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw .commentUnreadable
        }
    }
}
