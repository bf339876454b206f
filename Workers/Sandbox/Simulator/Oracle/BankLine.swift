import Payments

/// A payout number at the bank: a line of `bank.jsonl`.
struct BankLine: Encodable {
    let payoutNo: String
    let amountFen: Int64
    let payeeName: String
    let cardMasked: String
    let outcome: String
    let reason: String?
    let bankRef: String?
    let pays: Int
    let queries: Int
    let takenAt: String?
    let settledAt: String?

    enum CodingKeys: String, CodingKey {
        case payoutNo = "payout_no"
        case amountFen = "amount_fen"
        case payeeName = "payee_name"
        case cardMasked = "card_masked"
        case outcome, reason, pays, queries
        case bankRef = "bank_ref"
        case takenAt = "taken_at"
        case settledAt = "settled_at"
    }

    /// What the bank's records say at `now`.
    init(_ record: BankRecord, now: Timestamp) {
        let request = record.request
        let status = record.payout?.status(at: now)
        payoutNo = request.payoutNo
        amountFen = request.amountFen
        payeeName = request.payeeName
        cardMasked = request.payeeCardNo.prefix(6) + "******" + request.payeeCardNo.suffix(4)
        outcome = status ?? (record.refusal == nil ? "lost" : "refused")
        reason = record.refusal ?? (status == "failed" ? record.payout?.failure : nil)
        bankRef = record.payout?.bankRef
        pays = record.pays
        queries = record.queries
        takenAt = record.payout?.takenAt.rfc3339
        settledAt = status == "succeeded" ? record.payout?.settlesAt.rfc3339 : nil
    }
}
