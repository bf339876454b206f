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

    // The merchant signs the fields; each agent signs that text followed by the signature before
    // its own.
    private func check(_ order: OrderRequest, _ merchant: Directory.Entry) throws(Refusal) {
        let text = order.fields.stringToSign()
        try check(order.signature, of: merchant, over: text)
        var previous = order.signature.sign
        var above = merchant.agentNos[...]
        for agent in order.agentSignatures {
            guard let place = above.firstIndex(of: agent.agentNo),
                let entry = parties[agent.agentNo]
            else { throw .notItsAgent(agent.agentNo, of: order.merchantNo) }
            above = above[(place + 1)...]
            try check(agent.signature, of: entry, over: text + "&sign=" + previous)
            previous = agent.signature.sign
        }
        guard merchant.requiresAgentSignatures else { return }
        let missing = merchant.agentNos.first { agentNo in
            !order.agentSignatures.contains { $0.agentNo == agentNo }
        }
        if let missing { throw .agentSignatureMissing(missing) }
    }

    private func check(
        _ signature: RequestSignature, of party: Directory.Entry, over text: String
    ) throws(Refusal) {
        guard let key = party.key(signature.signType, version: signature.keyVersion) else {
            throw .unknownKey(party.partyNo, signature.signType, signature.keyVersion)
        }
        guard key.verify(signature.sign, over: text) else {
            throw .badSignature(of: party.partyNo)
        }
    }
}
