import Events
import Payments
public import Postgres

/// A page of a filter's dead letters, oldest first: keyset pagination, so that the last page is as
/// cheap as the first.
public struct DeadLetterPage: Sendable {
    let filter: DeadLetterFilter
    let after: DeadLetterPlace
    let limit: Int32

    /// - Parameter after: the last one of the page before; `nil` for the first page.
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

    /// Binds `$1` … `$4`, the same for every filter.
    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(filter.status.rawValue)
        bindings.append(after.createdAt)
        bindings.append(after.id.uuid)
        bindings.append(limit)
    }
}
