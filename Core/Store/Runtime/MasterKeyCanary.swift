public import Postgres

/// Whether a master key is the one that a database's secrets are sealed under: the canary, a sealed
/// text, opens with it.
public enum MasterKeyCanary {
    private static let context = "master_key"

    /// Opens the canary. A database that has none gets one, unless something else that is sealed
    /// there doesn't open: then the key isn't this database's.
    public static func opens(
        with sealer: Sealer, on connection: PostgresConnection
    ) async throws -> Bool {
        if let sealed = try await connection.run(SealedCanary()).first {
            return (try? sealer.open(sealed, context: context)) != nil
        }
        if let row = try await connection.run(AnySealedValue()).first,
            (try? sealer.open(row.sealed, context: row.context)) == nil
        {
            return false
        }
        _ = try await connection.run(
            PutSealedCanary(sealed: try sealer.seal("canary", context: context)))
        // Another role may have been first, with another key.
        guard let sealed = try await connection.run(SealedCanary()).first else { return false }
        return (try? sealer.open(sealed, context: context)) != nil
    }
}

struct SealedCanary: PostgresStatement {
    static let sql = "select canary_sealed from master_key"
    func bind(_ bindings: inout PostgresBindings) {}
    static func decode(_ row: PostgresRow) throws(PostgresError) -> [UInt8] { try row.bytes(0) }
}

/// Writes the canary where there is none.
struct PutSealedCanary: PostgresStatement {
    let sealed: [UInt8]
    static let sql = "insert into master_key (canary_sealed) values ($1) on conflict do nothing"
    func bind(_ bindings: inout PostgresBindings) { bindings.append(sealed) }
}

/// One of the values that are sealed with the database's master key, and its context.
struct AnySealedValue: PostgresStatement {
    static let sql = """
        (select party_no, key_version, secret_sealed from signing_keys
            where secret_sealed is not null limit 1)
        union all
        (select party_no, null, payee_name_sealed from settlement_cards limit 1)
        limit 1
        """

    func bind(_ bindings: inout PostgresBindings) {}

    static func decode(
        _ row: PostgresRow
    ) throws(PostgresError) -> (context: String, sealed: [UInt8]) {
        let partyNo = try row.text(0)
        let context =
            if let version = try row.int32OrNull(1) {
                PutSigningKey.sealContext(partyNo: partyNo, keyVersion: version)
            } else {
                PutSettlementCard.sealContext(partyNo: partyNo)
            }
        return (context, try row.bytes(2))
    }
}
