import Payments
import Store

/// The journals of a payout's life: what is owed moves into transit, and from there to the bank or
/// back.
enum PayoutJournal {
    static func requested(
        _ payoutNo: String, _ merchantNo: String, _ amount: Money, _ now: Timestamp
    ) throws(JournalError) -> PostJournal {
        try PostJournal(
            kind: "payout_requested", reference: payoutNo,
            entries: [
                (Account("merchant_payable", partyNo: merchantNo), amount),
                (Account("payout_in_transit"), -amount),
            ], now: now)
    }

    static func succeeded(
        _ payoutNo: String, _ amount: Money, _ now: Timestamp
    ) throws(JournalError) -> PostJournal {
        try PostJournal(
            kind: "payout_succeeded", reference: payoutNo,
            entries: [(Account("payout_in_transit"), amount), (Account("bank"), -amount)],
            now: now)
    }

    static func failed(
        _ payoutNo: String, _ merchantNo: String, _ amount: Money, _ now: Timestamp
    ) throws(JournalError) -> PostJournal {
        try PostJournal(
            kind: "payout_failed", reference: payoutNo,
            entries: [
                (Account("payout_in_transit"), amount),
                (Account("merchant_payable", partyNo: merchantNo), -amount),
            ], now: now)
    }
}
