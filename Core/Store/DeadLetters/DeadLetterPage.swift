import Events
import Payments
public import Postgres

/// A page of a filter's letters, oldest first: a keyset, so that the last page costs what the
/// first does.
public struct DeadLetterPage: Sendable {
    let filter: DeadLetterFilter
    let after: DeadLetterPlace
    let limit: Int32

    /// - Parameter after: the last letter of the page before.
    public init(_ filter: DeadLetterFilter, after: DeadLetterPlace? = nil, limit: Int) {
        let start = DeadLetterPlace(before: filter.since ?? Timestamp(microseconds: 0))
        self.filter = filter
        self.after = max(after ?? start, start)
        self.limit = Int32(clamping: limit)
    }

    /// Reads it with the statement whose index serves the filter.
    public func run(in transaction: PostgresTransaction) async throws -> [DeadLetterLine] {
        if let key = filter.key {
            return try await transaction.run(DeadLettersOfKey(page: self, key: key))
        }
        if filter.topic != nil || !filter.reasons.isEmpty {
            return try await transaction.run(DeadLettersOfKind(page: self))
        }
        return try await transaction.run(DeadLettersOfStatus(page: self))
    }

    /// The parameters that every page has.
    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(filter.status.rawValue)
        bindings.append(after.createdAt)
        bindings.append(after.id.uuid)
        bindings.append(limit)
    }
}
