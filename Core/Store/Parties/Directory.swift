public import Payments
public import Postgres

/// The parties a role has met, with their chains, rates and keys: a cache that knows its version.
///
/// `refresh` reads one row by key; if anything about any party has changed since, the whole cache
/// is dropped and what is asked for is read again.
public actor Directory {
    /// A party with all that checking a request of its takes.
    public struct Entry: Sendable {
        /// The party's number.
        public let partyNo: String
        /// Whether it is a merchant.
        public let isMerchant: Bool
        /// Whether it, and everyone above it, is active.
        public let isActive: Bool
        /// Where its callbacks go, if anywhere.
        public let callbackURL: String?
        /// Whether its orders must carry its agents' signatures.
        public let requiresAgentSignatures: Bool
        /// Its agents, the nearest first, without the platform.
        public let agentNos: [String]
        /// The platform's number.
        public let platformNo: String
        /// Rates by party and product, the earliest first.
        let rates: [String: [String: [(from: Timestamp, rate: Rate)]]]
        /// Its live keys.
        public let keys: [Key]
    }

    /// A live key of a party.
    public struct Key: Sendable {
        /// The scheme.
        public let signType: SignType
        /// The version.
        public let version: Int
        /// The key itself.
        public let key: SigningKey
    }

    /// Parties as they all were at one version of the directory.
    public struct Snapshot: Sendable {
        /// Grows with every change of any party.
        public let version: Int64
        let entries: [String: Entry]

        /// The party of that number, if it exists.
        public subscript(partyNo: String) -> Entry? { entries[partyNo] }
    }

    private let sealer: Sealer
    private var version: Int64 = 0
    private var entries: [String: Entry] = [:]
    private var unknown: Set<String> = []

    /// - Parameter sealer: opens the keys' secrets.
    public init(sealer: Sealer) { self.sealer = sealer }

    /// The entries of `partyNos`, as of now; a party that doesn't exist has none.
    public func entries(
        of partyNos: Set<String>, in transaction: PostgresTransaction
    ) async throws -> Snapshot {
        let current = try await transaction.run(DirectoryVersion()).first ?? 0
        if current != version {
            entries = [:]
            unknown = []
            version = current
        }
        var found: [String: Entry] = [:]
        var missing: [String] = []
        for partyNo in partyNos {
            if let entry = entries[partyNo] {
                found[partyNo] = entry
            } else if !unknown.contains(partyNo) {
                missing.append(partyNo)
            }
        }
        guard !missing.isEmpty else { return Snapshot(version: current, entries: found) }
        let read = try await read(missing, in: transaction)
        found.merge(read) { _, new in new }
        // Another call may have seen a newer version meanwhile: what was read is then not kept.
        if version == current {
            if unknown.count > Self.unknownLimit { unknown = [] }
            entries.merge(read) { _, new in new }
            unknown.formUnion(missing.filter { read[$0] == nil })
        }
        return Snapshot(version: current, entries: found)
    }

    // Numbers that are no party's come from outside: how many are remembered is bounded.
    private static let unknownLimit = 10_000

    private func read(
        _ partyNos: [String], in transaction: PostgresTransaction
    ) async throws -> [String: Entry] {
        let parties = try await transaction.run(PartiesWithAncestors(partyNos: partyNos))
        let everyone = Array(Set(parties.map(\.partyNo)))
        let rates = try await transaction.run(RatesOf(partyNos: everyone))
        let keys = try await transaction.run(KeysOf(partyNos: partyNos))
        var rateTable: [String: [String: [(from: Timestamp, rate: Rate)]]] = [:]
        for row in rates {
            let rate = try Rate(ppm: Int64(row.ratePPM))
            rateTable[row.partyNo, default: [:]][row.product, default: []]
                .append((row.effectiveFrom, rate))
        }
        var keyTable: [String: [Key]] = [:]
        for row in keys { keyTable[row.partyNo, default: []].append(try open(row)) }
        var result: [String: Entry] = [:]
        for (partyNo, line) in Dictionary(grouping: parties, by: \.of) {
            guard let own = line.first else { continue }
            result[partyNo] = Entry(
                partyNo: partyNo, isMerchant: own.kind == "merchant",
                isActive: line.allSatisfy { $0.status == "active" },
                callbackURL: own.callbackURL,
                requiresAgentSignatures: own.requiresAgentSignatures,
                agentNos: line.dropFirst().filter { $0.kind == "agent" }.map(\.partyNo),
                platformNo: line.last?.partyNo ?? "",
                rates: rateTable.filter { table in line.contains { $0.partyNo == table.key } },
                keys: keyTable[partyNo] ?? [])
        }
        return result
    }

    private func open(_ row: KeysOf.Row) throws -> Key {
        let signType = SignType(rawValue: row.signType) ?? .md5
        let key: SigningKey
        if let pem = row.publicKeyPEM {
            key = try SigningKey(publicPEM: pem)
        } else {
            let context = PutSigningKey.sealContext(
                partyNo: row.partyNo, keyVersion: row.keyVersion)
            let secret = try sealer.open(row.secretSealed ?? [], context: context)
            key = try SigningKey(signType: signType, secret: secret)
        }
        return Key(signType: signType, version: Int(row.keyVersion), key: key)
    }
}

extension Directory.Entry {
    /// The key that a signature claims, if the party has it live.
    public func key(_ signType: SignType, version: Int) -> SigningKey? {
        keys.first { $0.signType == signType && $0.version == version }?.key
    }

    /// The newest key that can sign what we send to the party: the platform doesn't hold the
    /// party's private key, so RSA2 is not among them.
    public var deliveryKey: Directory.Key? {
        keys.filter { $0.signType != .rsa2 }.max { $0.version < $1.version }
    }

    /// The chain of a product at a time, or `nil` where someone in it has no rate for it.
    public func chain(of product: Product, at time: Timestamp) throws -> PartyChain? {
        guard let channelRate = rate(of: platformNo, product, at: time),
            let merchantRate = rate(of: partyNo, product, at: time)
        else { return nil }
        var levels: [PartyLevel] = []
        for agentNo in agentNos.reversed() {
            guard let rate = rate(of: agentNo, product, at: time) else { return nil }
            levels.append(PartyLevel(partyNo: agentNo, rate: rate))
        }
        return try PartyChain(
            channelRate: channelRate, levels: levels, merchantNo: partyNo,
            merchantRate: merchantRate)
    }

    private func rate(of partyNo: String, _ product: Product, at time: Timestamp) -> Rate? {
        rates[partyNo]?[product.rawValue]?.last { $0.from <= time }?.rate
    }
}
