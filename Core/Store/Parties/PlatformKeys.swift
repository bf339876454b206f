public import Payments
public import Postgres

/// The platform's own RSA2 keys: they sign deliveries to parties whose keys are all public ones.
///
/// The first is made when one is first needed. A key signs from its `valid_from` on, until a newer
/// one does; what it signed is verified with its public half, which `GET /v1/keys` lists.
public struct PlatformKeys: Sendable {
    /// A key that signs.
    public struct Signing: Sendable {
        /// The key's version.
        public let version: Int
        /// The private key.
        public let key: SigningKey

        /// A key of the platform.
        public init(version: Int, key: SigningKey) {
            self.version = version
            self.key = key
        }
    }

    private let sealer: Sealer

    /// - Parameter sealer: seals the private halves.
    public init(sealer: Sealer) { self.sealer = sealer }

    /// The public halves of the keys that sign, will sign, or have signed.
    public func published(
        at now: Timestamp, in transaction: PostgresTransaction
    ) async throws -> [PlatformKeyRows.Row] {
        try await ensure(at: now, in: transaction)
    }

    /// The key that signs at `now`.
    public func signing(
        at now: Timestamp, in transaction: PostgresTransaction
    ) async throws -> Signing {
        let rows = try await ensure(at: now, in: transaction)
        let valid = rows.last { $0.validFrom <= now && $0.validUntil.map { now < $0 } ?? true }
        guard let row = valid ?? rows.last else {
            throw SealerError("platform_keys has no key that is valid now; add one")
        }
        let pem = try sealer.open(row.privateKeySealed, context: Self.context(row.version))
        return Signing(version: Int(row.version), key: try SigningKey(privatePEM: pem))
    }

    private func ensure(
        at now: Timestamp, in transaction: PostgresTransaction
    ) async throws -> [PlatformKeyRows.Row] {
        let rows = try await transaction.run(PlatformKeyRows())
        guard rows.isEmpty else { return rows }
        let pair = try RSAKeyPair.make()
        let sealed = try sealer.seal(pair.privatePEM, context: Self.context(1))
        // Where two processes make one at the same time, the first that commits remains.
        _ = try await transaction.run(
            AddPlatformKey(
                version: 1, privateKeySealed: sealed, publicKeyPEM: pair.publicPEM,
                validFrom: now))
        return try await transaction.run(PlatformKeyRows())
    }

    private static func context(_ version: Int32) -> String { "platform_keys/\(version)" }
}

/// The platform's keys, oldest first.
public struct PlatformKeyRows: PostgresStatement {
    /// A key pair.
    public struct Row: Sendable {
        /// The key's version.
        public let version: Int32
        let privateKeySealed: [UInt8]
        /// The public half, PEM.
        public let publicKeyPEM: String
        /// From when it signs.
        public let validFrom: Timestamp
        /// Until when it signs; `nil` where that isn't known yet.
        public let validUntil: Timestamp?
    }

    /// All keys: a few rows.
    public init() {}

    public static let sql = """
        select key_version, private_key_sealed, public_key_pem, valid_from, valid_until
        from platform_keys order by valid_from, key_version
        """

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            version: try row.int32(0), privateKeySealed: try row.bytes(1),
            publicKeyPEM: try row.text(2), validFrom: try row.time(3),
            validUntil: try row.timeOrNull(4))
    }
}

/// Adds a key of the platform, unless there is one of its version.
struct AddPlatformKey: PostgresStatement {
    let version: Int32
    let privateKeySealed: [UInt8]
    let publicKeyPEM: String
    let validFrom: Timestamp

    static let sql = """
        insert into platform_keys (key_version, private_key_sealed, public_key_pem, valid_from)
        values ($1, $2, $3, $4) on conflict do nothing
        """

    func bind(_ bindings: inout PostgresBindings) {
        bindings.append(version)
        bindings.append(privateKeySealed)
        bindings.append(publicKeyPEM)
        bindings.append(validFrom)
    }
}
