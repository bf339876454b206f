/// A balanced double entry: two or more accounts, whose amounts sum to zero.
public struct Journal: Sendable, Hashable {
    /// One side: an account and its amount.
    public struct Entry: Sendable, Hashable {
        /// The account.
        public let account: Account
        /// Debits are positive, credits negative; never zero.
        public let amount: Money

        /// A debit where `amount` is positive, a credit where it is negative.
        public init(_ account: Account, _ amount: Money) {
            self.account = account
            self.amount = amount
        }
    }

    /// What is posted.
    public let kind: JournalKind
    /// The number of the settlement or payout; unique for each kind.
    public let reference: String
    /// The entries, in the caller's order; each account once.
    public let entries: [Entry]

    /// A balanced journal.
    /// - Throws: `JournalError` for fewer than two entries, an entry of zero, an account that is
    ///   repeated, or a sum other than zero.
    public init(
        _ kind: JournalKind, reference: String, _ entries: [Entry]
    ) throws(JournalError) {
        guard entries.count >= 2 else { throw .tooFewEntries(entries.count) }
        var sum = Money.zero
        var accounts: Set<Account> = []
        for entry in entries {
            guard entry.amount != .zero else { throw .zeroEntry(entry.account) }
            guard accounts.insert(entry.account).inserted else {
                throw .repeatedAccount(entry.account)
            }
            guard let next = try? sum.adding(entry.amount) else {
                throw .outOfRange(entry.account)
            }
            sum = next
        }
        guard sum == .zero else { throw .unbalanced(by: sum) }
        self.kind = kind
        self.reference = reference
        self.entries = entries
    }
}

/// Why entries are no journal.
public enum JournalError: Error, Equatable, CustomStringConvertible {
    /// Fewer than two entries.
    case tooFewEntries(Int)
    /// An entry of zero.
    case zeroEntry(Account)
    /// Two entries of one account.
    case repeatedAccount(Account)
    /// The sum leaves the range of 64-bit fen at this account.
    case outOfRange(Account)
    /// The entries don't sum to zero.
    case unbalanced(by: Money)

    /// What is wrong, with the account or the sum.
    public var description: String {
        switch self {
        case .tooFewEntries(let count):
            "a journal needs at least two entries, not \(count)"
        case .zeroEntry(let account):
            "the journal's entry on \(account.name) is zero; leave it out"
        case .repeatedAccount(let account):
            "the journal has two entries on \(account.name); add them up"
        case .outOfRange(let account):
            "the journal's sum leaves the range of 64-bit fen at \(account.name)"
        case .unbalanced(let sum):
            "the journal's entries sum to \(sum), not to zero; nothing was posted"
        }
    }
}
