import Payments

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

/// A key that a party signs with, or is signed to with.
public struct SampleKey: Codable, Sendable, Equatable {
    /// `MD5`, `HMAC-SHA256` or `RSA2`.
    public let signType: SignType.RawValue
    /// Which of the party's keys.
    public let keyVersion: Int
    /// The shared secret; `nil` for RSA2.
    public let secret: String?
    /// The party's private key, a file name in the keys' folder; RSA2 only.
    public let privateKeyFile: String?
    /// Its public half.
    public let publicKeyFile: String?

    enum CodingKeys: String, CodingKey {
        case signType = "sign_type"
        case keyVersion = "key_version"
        case secret
        case privateKeyFile = "private_key_file"
        case publicKeyFile = "public_key_file"
    }

    /// A key with a shared secret.
    public init(_ signType: SignType, version: Int, secret: String) {
        self.signType = signType.rawValue
        keyVersion = version
        self.secret = secret
        privateKeyFile = nil
        publicKeyFile = nil
    }

    /// An RSA2 key pair by its files.
    public init(version: Int, privateKeyFile: String, publicKeyFile: String) {
        signType = SignType.rsa2.rawValue
        keyVersion = version
        secret = nil
        self.privateKeyFile = privateKeyFile
        self.publicKeyFile = publicKeyFile
    }
}

/// Where a merchant's money goes. Made up.
public struct SampleCard: Codable, Sendable, Equatable {
    /// The holder.
    public let payeeName: String
    /// 19 digits that pass the Luhn check.
    public let cardNo: String

    enum CodingKeys: String, CodingKey {
        case payeeName = "payee_name"
        case cardNo = "card_no"
    }

    /// A card number of 19 digits from 18 of them and their Luhn check digit.
    static func number(_ digits: String) -> String {
        let sum = digits.reversed().enumerated().reduce(0) { sum, item in
            let digit = item.element.wholeNumberValue ?? 0
            guard item.offset.isMultiple(of: 2) else { return sum + digit }
            return sum + (digit * 2 > 9 ? digit * 2 - 9 : digit * 2)
        }
        return digits + String((10 - sum % 10) % 10)
    }
}
