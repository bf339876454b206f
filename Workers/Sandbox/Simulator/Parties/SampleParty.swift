public import Payments

/// A party of the sample business: the platform, an agent or a merchant.
public struct SampleParty: Codable, Sendable, Equatable {
    /// What a party is.
    public enum Kind: String, Codable, Sendable {
        /// Holds the contract with the channel.
        case platform
        /// Brings in merchants.
        case agent
        /// Sells.
        case merchant
    }

    /// Its number, for example `M2001`.
    public let partyNo: String
    /// What it is.
    public let kind: Kind
    /// Its name.
    public let name: String
    /// The party above it; `nil` for the platform.
    public let parentNo: String?
    /// Where it takes callbacks, below the simulator's address; `nil` if it doesn't.
    public let callbackPath: String?
    /// Its rates in ppm by product (`PC`, `WAP`, `APP`): a merchant's is what it pays, an agent's
    /// its cost. What isn't there isn't allowed.
    public let products: [String: Int64]
    /// Its live keys.
    public let keys: [SampleKey]
    /// Where a merchant is paid out to.
    public let settlementCard: SampleCard?
    /// Whether its orders come through its agents' systems, which sign them too.
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
