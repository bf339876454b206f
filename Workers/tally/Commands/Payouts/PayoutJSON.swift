import Payments
import Store

/// A payout as JSON.
struct PayoutJSON: Encodable {
    let payoutNo: String
    let settlementID: String
    let merchantNo: String
    let amountFen: Int64
    let status: String
    let bankRef: String?
    let reason: String?
    let requestedAt: String
    let completedAt: String?
    let nextAttemptAt: String?
    let attempts: Int32
    let reissueOf: String?
    let reissuedAs: String?

    init(_ payout: PayoutLine) {
        payoutNo = payout.payoutNo
        settlementID = payout.settlementID
        merchantNo = payout.merchantNo
        amountFen = payout.amount.fen
        status = payout.status
        bankRef = payout.bankRef
        reason = payout.reason
        requestedAt = payout.requestedAt.rfc3339
        completedAt = payout.completedAt?.rfc3339
        nextAttemptAt = payout.nextAttemptAt?.rfc3339
        attempts = payout.attempt
        reissueOf = payout.reissueOf
        reissuedAs = payout.reissuedAs
    }
}
