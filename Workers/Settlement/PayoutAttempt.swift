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
    func run(_ job: ClaimPayouts.Row) async -> PayoutDecision {
        if job.attempt > 1 {
            do throws(ChannelError) {
                let known = try await bank.query(payoutNo: job.payoutNo)
                guard case .notFound = known else { return PayoutDecision(known) }
            } catch {
                return PayoutDecision(queryFailed: error)
            }
        }
        guard let order = payoutOrder(job) else {
            return .complete(
                .failed, bankRef: nil,
                reason: "\(job.merchantNo) has no settlement card that can be decrypted")
        }
        do throws(ChannelError) {
            return PayoutDecision(try await bank.pay(order))
        } catch {
            return PayoutDecision(payFailed: error)
        }
    }

    private func payoutOrder(_ job: ClaimPayouts.Row) -> PayoutOrder? {
        let context = PutSettlementCard.sealContext(partyNo: job.merchantNo)
        guard let name = job.payeeNameSealed, let card = job.cardNoSealed,
            let payeeName = try? sealer.open(name, context: context),
            let payeeCardNo = try? sealer.open(card, context: context)
        else { return nil }
        return PayoutOrder(
            payoutNo: job.payoutNo, amount: job.amount, payeeName: payeeName,
            payeeCardNo: payeeCardNo, purpose: "settlement")
    }
}
