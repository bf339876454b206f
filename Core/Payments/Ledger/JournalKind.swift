/// The kinds of journals; the raw value is `journals.kind`. A kind and a reference are a journal's
/// natural key.
public enum JournalKind: String, Sendable, Hashable, CaseIterable {
    /// A merchant's settlement; the reference is its number.
    case settlement
    /// A payout was requested; the reference is its number.
    case payoutRequested = "payout_requested"
    /// The bank paid a payout; the reference is its number.
    case payoutSucceeded = "payout_succeeded"
    /// The bank refused a payout; the reference is its number.
    case payoutFailed = "payout_failed"
    /// A person resolved a difference; the reference is its number.
    case differenceResolved = "difference_resolved"
    /// Later facts ended what a person had resolved; the reference is the difference's number.
    case differenceReversed = "difference_reversed"
}
