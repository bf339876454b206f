public import Payments

/// A party of the sample business: the platform, an agent or a merchant.
public struct SampleParty: Codable, Sendable, Equatable {
    /// A party's place in the tree.
    public enum Kind: String, Codable, Sendable {
        /// Has the contract with the channel.
        case platform
        /// Refers merchants, for a share of their fees.
        case agent
        /// Sells and is paid out.
        case merchant
    }

    /// The party's number, for example `M2001`.
    public let partyNo: String
    /// Platform, agent or merchant.
    public let kind: Kind
    /// The party's name, in Chinese.
    public let name: String
    /// The party above it; `nil` for the platform.
    public let parentNo: String?
    /// The path of its deliveries at the simulator's address; `nil` if it receives none.
    public let callbackPath: String?
    /// Rates in ppm by product (`PC`, `WAP`, `APP`): a merchant's fee, an agent's cost. A product
    /// without a rate isn't allowed.
    public let products: [String: Int64]
    /// The party's live keys.
    public let keys: [SampleKey]
    /// A merchant's card for payouts.
    public let settlementCard: SampleCard?
    /// Whether its orders are signed by its agents as well.
    public let ordersThroughAgents: Bool

    enum CodingKeys: String, CodingKey {
        case partyNo = "party_no"
        case kind, name, products, keys
        case parentNo = "parent_no"
        case callbackPath = "callback_path"
        case settlementCard = "settlement_card"
        case ordersThroughAgents = "orders_through_agents"
    }

    init(
        _ partyNo: String, _ kind: Kind, _ name: String, parentNo: String?,
        hasCallback: Bool = true, products: [String: Int64] = [:], keys: [SampleKey] = [],
        settlementCard: SampleCard? = nil, ordersThroughAgents: Bool = false
    ) {
        self.partyNo = partyNo
        self.kind = kind
        self.name = name
        self.parentNo = parentNo
        self.callbackPath = hasCallback ? "/receivers/\(partyNo)" : nil
        self.products = products
        self.keys = keys
        self.settlementCard = settlementCard
        self.ordersThroughAgents = ordersThroughAgents
    }

    /// The party's rate for a product; `nil` if it isn't allowed.
    public func rate(for product: Product) -> Int64? { products[product.rawValue] }
}
