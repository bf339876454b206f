public import Payments
public import Postgres

/// A cache of parties with their chains, rates and keys, valid for one version of the directory.
///
/// Each read compares `directory_version`, one row by key; after any change of any party the whole
/// cache is dropped.
public actor Directory {
    /// A party with the fields that verify its requests.
    public struct Entry: Sendable {
        /// The party number.
        public let partyNo: String
        /// Whether it is a merchant.
        public let isMerchant: Bool
        /// Whether it, and everyone above it, is active.
        public let isActive: Bool
        /// Its callback URL, which deliveries are posted to; `nil` where it has none.
        public let callbackURL: String?
        /// Whether its orders must carry its agents' signatures.
        public let requiresAgentSignatures: Bool
        /// The agents above it, the nearest first, without the platform.
        public let agentNos: [String]
        /// The platform's party number.
        public let platformNo: String
        /// Rates by party and product, the earliest first.
        let rates: [String: [String: [(from: Timestamp, rate: Rate)]]]
        /// Its keys that aren't retired.
        public let keys: [Key]
    }

    /// A live key of a party.
    public struct Key: Sendable {
        /// The scheme.
        public let signType: SignType
        /// The key's version.
        public let version: Int
        /// The opened key.
        public let key: SigningKey
        /// Whether a signature of the party's with this key has ever verified.
        public internal(set) var isUsed = true
    }

    /// Parties at one version of the directory.
    public struct Snapshot: Sendable {
        /// `directory_version`: one more with every change of any party, rate or key.
        public let version: Int64
        let entries: [String: Entry]

        /// Whether a party of it has a key that it hasn't signed with yet.
        public var hasUnusedKeys: Bool {
            entries.values.contains { $0.keys.contains { !$0.isUsed } }
        }

        /// The party of a number; `nil` where there is none.
        public subscript(partyNo: String) -> Entry? { entries[partyNo] }
    }

    private let sealer: Sealer
    private var version: Int64 = 0
    private var entries: [String: Entry] = [:]
    private var unknown: Set<String> = []

    /// - Parameter sealer: opens the keys' secrets.
    public init(sealer: Sealer) { self.sealer = sealer }

    /// The current entries of `partyNos`; an unknown party has none.
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
        // Another call may have read a newer version meanwhile: these entries aren't cached then.
        if version == current {
            if unknown.count > Self.unknownLimit { unknown = [] }
            entries.merge(read) { _, new in new }
            unknown.formUnion(missing.filter { read[$0] == nil })
        }
        return Snapshot(version: current, entries: found)
    }

    // Unknown numbers come from outside: the cache of them is bounded.
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
        guard let signType = SignType(rawValue: row.signType) else {
            throw PostgresError.decoding(
                "key \(row.keyVersion) of \(row.partyNo) has the sign_type "
                    + "'\(row.signType)', which this build doesn't know")
        }
        let key: SigningKey
        if let pem = row.publicKeyPEM {
            key = try SigningKey(publicPEM: pem)
        } else {
            let context = PutSigningKey.sealContext(
                partyNo: row.partyNo, keyVersion: row.keyVersion)
            let secret = try sealer.open(row.secretSealed ?? [], context: context)
            key = try SigningKey(signType: signType, secret: secret)
        }
        return Key(
            signType: signType, version: Int(row.keyVersion), key: key, isUsed: row.isUsed)
    }
}

extension Directory.Entry {
    /// The key that a signature claims; `nil` where the party has no such key in force.
    public func key(_ signType: SignType, version: Int) -> SigningKey? {
        keys.first { $0.signType == signType && $0.version == version }?.key
    }

    /// The shared secret that signs deliveries to the party: HMAC-SHA256 before MD5, and the newest
    /// that the party itself has used; where it has used none, the oldest. `nil` where its keys are
    /// all RSA2, of which the platform has the public half only.
    ///
    /// So a key that the party has been given, but not installed yet, signs nothing.
    public var deliveryKey: Directory.Key? {
        let secrets = keys.filter { $0.signType != .rsa2 }
        let used = secrets.filter(\.isUsed)
        func rank(_ key: Directory.Key, _ version: Int) -> (Int, Int) {
            (key.signType == .hmacSHA256 ? 1 : 0, version)
        }
        if used.isEmpty { return secrets.max { rank($0, -$0.version) < rank($1, -$1.version) } }
        return used.max { rank($0, $0.version) < rank($1, $1.version) }
    }

    /// Whether a key in force is one that the party hasn't used before.
    public func isFirstUse(_ signType: SignType, version: Int) -> Bool {
        keys.contains { $0.signType == signType && $0.version == version && !$0.isUsed }
    }

    /// The chain of a product at a time; `nil` where a party of it has no rate for the product.
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

    /// The parties of the chain, from the platform to this one, that have no rate for a product.
    public func partiesWithoutRate(for product: Product, at time: Timestamp) -> [String] {
        ([platformNo] + agentNos.reversed() + [partyNo]).filter {
            rate(of: $0, product, at: time) == nil
        }
    }

    private func rate(of partyNo: String, _ product: Product, at time: Timestamp) -> Rate? {
        rates[partyNo]?[product.rawValue]?.last { $0.from <= time }?.rate
    }
}
