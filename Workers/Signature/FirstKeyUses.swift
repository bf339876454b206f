import Events
import Store

extension Directory.Snapshot {
    /// The keys that parties have signed accepted orders with for the first time.
    func firstUses(in orders: [OrderRequest]) -> Set<RecordKeyUse.Use> {
        guard hasUnusedKeys else { return [] }
        var uses: Set<RecordKeyUse.Use> = []
        func add(_ partyNo: String, _ signature: RequestSignature) {
            let (signType, version) = (signature.signType, signature.keyVersion)
            guard self[partyNo]?.isFirstUse(signType, version: version) == true else { return }
            uses.insert(.init(partyNo: partyNo, signType: signType, version: version))
        }
        for order in orders {
            add(order.merchantNo, order.signature)
            for agent in order.agentSignatures { add(agent.agentNo, agent.signature) }
        }
        return uses
    }
}
