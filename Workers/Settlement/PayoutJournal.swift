import Payments

/// The journals of a payout's life: the amount moves from the merchant's payable into transit, and
/// from there to the bank or back to the payable.
enum PayoutJournal {
    static func requested(
        _ payoutNo: String, _ merchantNo: String, _ amount: Money
    ) throws(JournalError) -> Journal {
        try Journal(
            .payoutRequested, reference: payoutNo,
            [
                .init(.merchantPayable(partyNo: merchantNo), amount),
                .init(.payoutInTransit, -amount),
            ])
    }

    static func succeeded(_ payoutNo: String, _ amount: Money) throws(JournalError) -> Journal {
        try Journal(
            .payoutSucceeded, reference: payoutNo,
            [.init(.payoutInTransit, amount), .init(.bank, -amount)])
    }

    static func failed(
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
