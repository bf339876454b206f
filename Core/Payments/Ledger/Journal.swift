/// A booking of two or more entries that sum to zero.
public struct Journal: Sendable, Hashable {
    /// The entries, in the order given.
    public let entries: [JournalEntry]

    /// A balanced booking.
    /// - Throws: `JournalError` for fewer than two entries, one of zero, or a sum other than zero.
    public init(_ entries: [JournalEntry]) throws(JournalError) {
        guard entries.count >= 2 else { throw .tooFewEntries(entries.count) }
        var sum = Money.zero
        for entry in entries {
            guard entry.amount != .zero else { throw .zeroEntry(account: entry.account) }
            guard let next = try? sum.adding(entry.amount) else {
                throw .outOfRange(account: entry.account)
            }
            sum = next
        }
        guard sum == .zero else { throw .unbalanced(by: sum) }
        self.entries = entries
    }

    /// A balanced booking.
    public init(entries: [JournalEntry]) throws(JournalError) { try self.init(entries) }
}

/// Why entries are no booking.
public enum JournalError: Error, Equatable, CustomStringConvertible {
    /// Fewer than two entries.
    case tooFewEntries(Int)
    /// An entry that moves nothing.
    case zeroEntry(account: String)
    /// A sum that can't be counted, reached at this account.
    case outOfRange(account: String)
    /// The entries don't sum to zero.
    case unbalanced(by: Money)

    /// What is wrong, with the account or the sum.
    public var description: String {
        switch self {
        case .tooFewEntries(let count):
            "a journal needs at least two entries; \(count) given"
        case .zeroEntry(let account):
            "the journal's entry on \(account) moves nothing; leave it out"
        case .outOfRange(let account):
            "the journal's sum can't be counted past its entry on \(account)"
        case .unbalanced(let sum):
            "the journal's entries sum to \(sum), not to zero; nothing was booked"
        }
    }
}
