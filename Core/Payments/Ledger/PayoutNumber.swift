/// The numbers of payouts: the bank's idempotency keys.
public enum PayoutNumber {
    /// The number of a settlement's first payout: derived, so that it is never drawn twice.
    public static func first(ofSettlement settlementID: String) -> String {
        "P" + settlementID.dropFirst()
    }

    /// The number under which a failed payout is paid again: `…-R2`, then `…-R3`.
    public static func next(after payoutNo: String) -> String {
        let parts = payoutNo.split(separator: "-", omittingEmptySubsequences: false)
        guard let last = parts.last, last.first == "R", let number = Int(last.dropFirst()),
            number > 1
        else { return payoutNo + "-R2" }
        return parts.dropLast().joined(separator: "-") + "-R\(number + 1)"
    }
}
