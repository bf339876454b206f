/// The journals of a payout's life: the amount moves from the merchant's payable into transit, and
/// from there to the bank or back to the payable.
public enum PayoutJournal {
    /// The amount is on its way to the bank.
    public static func requested(
        _ payoutNo: String, _ merchantNo: String, _ amount: Money
    ) throws(JournalError) -> Journal {
        try Journal(
            .payoutRequested, reference: payoutNo,
            [
                .init(.merchantPayable(partyNo: merchantNo), amount),
                .init(.payoutInTransit, -amount),
            ])
    }

    /// The bank has paid it.
    public static func succeeded(_ payoutNo: String, _ amount: Money) throws(JournalError)
        -> Journal
    {
        try Journal(
            .payoutSucceeded, reference: payoutNo,
            [.init(.payoutInTransit, amount), .init(.bank, -amount)])
    }

    /// It is owed to the merchant again.
    public static func failed(
        _ payoutNo: String, _ merchantNo: String, _ amount: Money
    ) throws(JournalError) -> Journal {
        try Journal(
            .payoutFailed, reference: payoutNo,
            [
                .init(.payoutInTransit, amount),
                .init(.merchantPayable(partyNo: merchantNo), -amount),
            ])
    }
}
