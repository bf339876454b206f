import Channels
import Events
import Payments
import Store

/// One attempt to bring a payout to its end at the bank; touches no database.
///
/// The first attempt pays. Every later one queries first, because the money may have moved, and
/// pays only where the bank says that it has no such payout: always under the same number.
struct PayoutAttempt: Sendable {
    let bank: any BankChannel
    /// Opens the payee's name and card number.
    let sealer: Sealer

    /// Makes the calls and decides what is stored.
    /// - Throws: where the card can't be opened. The master key is another one then: that is no
    ///   reason to fail a payout, so nothing is decided.
    func run(_ job: ClaimPayouts.Row) async throws(SealerError) -> PayoutDecision {
        if job.attempt > 1 {
            do throws(ChannelError) {
                let known = try await bank.query(payoutNo: job.payoutNo)
                guard case .notFound = known else { return PayoutDecision(known) }
            } catch {
                return PayoutDecision(queryFailed: error)
            }
        }
        guard let order = try payoutOrder(job) else {
            return .complete(
                .failed, bankRef: nil, reason: "\(job.merchantNo) has no settlement card")
        }
        do throws(ChannelError) {
            return PayoutDecision(try await bank.pay(order))
        } catch {
            return PayoutDecision(payFailed: error)
        }
    }

    private func payoutOrder(_ job: ClaimPayouts.Row) throws(SealerError) -> PayoutOrder? {
        let context = PutSettlementCard.sealContext(partyNo: job.merchantNo)
        guard let name = job.payeeNameSealed, let card = job.cardNoSealed else { return nil }
        return PayoutOrder(
            payoutNo: job.payoutNo, amount: job.amount,
            payeeName: try sealer.open(name, context: context),
            payeeCardNo: try sealer.open(card, context: context), purpose: "settlement")
    }
}
