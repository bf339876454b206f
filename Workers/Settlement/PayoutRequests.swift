import Events
import Payments
import Store

/// The payouts that follow from settlements: one for each net above zero. A net below zero is
/// carried into the merchant's next settlement.
enum PayoutRequests {
    static func make(
        of settlements: [SettleMatched.Row], day: BusinessDay, at now: Timestamp
    ) -> [PayoutRequested] {
        settlements.filter { $0.net > .zero }.map { settlement in
            PayoutRequested(
                envelope: PayoutRequested.envelope(at: now),
                payoutNo: PayoutNumber.first(ofSettlement: settlement.settlementID),
                settlementID: settlement.settlementID, merchantNo: settlement.merchantNo,
                date: day, amountFen: settlement.net)
        }
    }
}
