import Events
import Payments
import Store

/// The chains of rates that a batch's orders run along: each merchant's and product's worked out
/// once, at the batch's time.
struct PartyChains: Sendable {
    private struct Route: Hashable {
        let merchantNo: String
        let product: Product
    }

    private let chains: [Route: Result<PartyChain, Refusal>]

    init(of submissions: [Submission], parties: Directory.Snapshot, now: Timestamp) {
        var chains: [Route: Result<PartyChain, Refusal>] = [:]
        for submission in submissions {
            let order = submission.event.order
            let route = Route(merchantNo: order.merchantNo, product: order.product)
            guard chains[route] == nil, let merchant = parties[order.merchantNo] else { continue }
            chains[route] = Result { () throws(Refusal) in
                try Self.chain(of: order.product, merchant, now)
            }
        }
        self.chains = chains
    }

    func chain(of order: OrderRequest) throws(Refusal) -> PartyChain {
        let route = Route(merchantNo: order.merchantNo, product: order.product)
        guard let chain = chains[route] else { throw .unknownMerchant(order.merchantNo) }
        return try chain.get()
    }

    private static func chain(
        of product: Product, _ merchant: Directory.Entry, _ now: Timestamp
    ) throws(Refusal) -> PartyChain {
        let chain: PartyChain?
        do {
            chain = try merchant.chain(of: product, at: now)
        } catch {
            throw Refusal(code: "rates_conflict", detail: "\(error)", httpStatus: 403)
        }
        guard let chain else { throw .productNotAllowed(product, merchant.partyNo) }
        return chain
    }
}
