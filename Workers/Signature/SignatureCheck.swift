import Events
import Payments
import Store

/// Verifies a submission's signatures: pure, given a snapshot of the parties.
///
/// The expensive part of a decision: done while the batch before is stored. The outcome is valid
/// while the directory's version is the same.
struct SignatureCheck: Sendable {
    /// Every party that the submissions name.
    let parties: Directory.Snapshot

    /// The result of verifying, and what it was based on.
    struct Outcome: Sendable {
        /// The directory's version.
        let version: Int64
        /// `nil` where every signature is valid.
        let refusal: Refusal?
    }

    func outcome(of order: OrderRequest) -> Outcome {
        do throws(Refusal) {
            guard let merchant = parties[order.merchantNo], merchant.isMerchant else {
                throw .unknownMerchant(order.merchantNo)
            }
            try check(order, merchant)
            return Outcome(version: parties.version, refusal: nil)
        } catch {
            return Outcome(version: parties.version, refusal: error)
        }
    }

    private func check(_ order: OrderRequest, _ merchant: Directory.Entry) throws(Refusal) {
        do throws(ChainSignatures.Fault) {
            try ChainSignatures(parties: parties).verify(
                order.fields.stringToSign(), of: merchant, order.signature,
                agents: order.agentSignatures)
        } catch {
            throw Refusal(error, merchantNo: order.merchantNo)
        }
    }
}
