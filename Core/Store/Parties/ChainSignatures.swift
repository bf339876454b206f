public import Events
public import Payments

/// Verifies the signatures of a request: the merchant's, then those of the agents' systems that it
/// came through. Pure, given a snapshot of the parties.
///
/// The merchant signs the string to sign; each agent signs that text followed by the signature
/// before its own.
public struct ChainSignatures: Sendable {
    /// Why a request's signatures aren't accepted.
    public enum Fault: Error, Sendable, Equatable {
        /// The party has no live key of that scheme and version.
        case unknownKey(partyNo: String, SignType, version: Int)
        /// The signature isn't the party's over this text.
        case badSignature(partyNo: String)
        /// The signer isn't an agent above the merchant, nearest first.
        case notItsAgent(partyNo: String)
        /// An agent whose signature is required has not signed.
        case agentSignatureMissing(partyNo: String)
    }

    private let parties: Directory.Snapshot

    /// - Parameter parties: the merchant, and every agent that signed.
    public init(parties: Directory.Snapshot) { self.parties = parties }

    /// - Parameters:
    ///   - text: the string to sign.
    ///   - isChainRequired: whether a merchant whose orders must carry its agents' signatures must
    ///     have them on this request too.
    public func verify(
        _ text: String, of merchant: Directory.Entry, _ signature: RequestSignature,
        agents: [AgentSignature], isChainRequired: Bool = true
    ) throws(Fault) {
        try verify(signature, of: merchant, over: text)
        var previous = signature.sign
        var above = merchant.agentNos[...]
        for agent in agents {
            guard let place = above.firstIndex(of: agent.agentNo),
                let entry = parties[agent.agentNo]
            else { throw .notItsAgent(partyNo: agent.agentNo) }
            above = above[(place + 1)...]
            try verify(agent.signature, of: entry, over: text + "&sign=" + previous)
            previous = agent.signature.sign
        }
        guard isChainRequired, merchant.requiresAgentSignatures else { return }
        let missing = merchant.agentNos.first { agentNo in
            !agents.contains { $0.agentNo == agentNo }
        }
        if let missing { throw .agentSignatureMissing(partyNo: missing) }
    }

    private func verify(
        _ signature: RequestSignature, of party: Directory.Entry, over text: String
    ) throws(Fault) {
        guard let key = party.key(signature.signType, version: signature.keyVersion) else {
            throw .unknownKey(
                partyNo: party.partyNo, signature.signType, version: signature.keyVersion)
        }
        guard key.verify(signature.sign, over: text) else {
            throw .badSignature(partyNo: party.partyNo)
        }
    }
}
