import Channels
import Events
import Payments
import Store

/// The routes of a batch's orders: computed once for each merchant and product, at the batch's
/// time.
struct OrderRoutes: Sendable {
    private struct Key: Hashable {
        let merchantNo: String
        let product: Product
    }

    private let routes: [Key: Result<OrderRoute, Refusal>]

    /// - Parameter account: the payee at the channel.
    init(
        of submissions: [Submission], parties: Directory.Snapshot, account: ChannelAccount,
        now: Timestamp
    ) {
        var routes: [Key: Result<OrderRoute, Refusal>] = [:]
        for submission in submissions {
            let order = submission.event.order
            let key = Key(merchantNo: order.merchantNo, product: order.product)
            guard routes[key] == nil, let merchant = parties[order.merchantNo] else { continue }
            routes[key] = Result { () throws(Refusal) in
                OrderRoute(
                    merchantNo: order.merchantNo, product: order.product,
                    channel: account.channel, appID: account.appID, sellerID: account.sellerID,
                    platformNo: merchant.platformNo,
                    chain: try Self.chain(of: order.product, merchant, now))
            }
        }
        self.routes = routes
    }

    func route(of order: OrderRequest) throws(Refusal) -> OrderRoute {
        let key = Key(merchantNo: order.merchantNo, product: order.product)
        guard let route = routes[key] else { throw .unknownMerchant(order.merchantNo) }
        return try route.get()
    }

    private static func chain(
        of product: Product, _ merchant: Directory.Entry, _ now: Timestamp
    ) throws(Refusal) -> PartyChain {
        let chain: PartyChain?
        do {
            chain = try merchant.chain(of: product, at: now)
        } catch {
            throw .ratesConflict(error)
        }
        guard let chain else {
            throw .productNotAllowed(
                product, lackedBy: merchant.partiesWithoutRate(for: product, at: now))
        }
        return chain
    }
}
