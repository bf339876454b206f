import Payments
public import Postgres

/// The directory's version: one more with every change of parties, rates and keys.
public struct DirectoryVersion: PostgresStatement {
    /// One row by key.
    public init() {}
    public static let sql = "select version from directory_version"
    public func bind(_ bindings: inout PostgresBindings) {}
    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 {
        try row.int64(0)
    }
}

/// Parties and their ancestors, nearest first.
struct PartiesWithAncestors: PostgresStatement {
    struct Row: Sendable {
        let of: String
        let depth: Int32
        let partyNo: String
        let kind: String
        let status: String
        let callbackURL: String?
        let requiresAgentSignatures: Bool
    }

    let partyNos: [String]

    static let sql = """
        with recursive up as (
            select p.party_no as of, 0 as depth, p.party_no, p.parent_no, p.kind, p.status,
                p.callback_url, p.requires_agent_signatures
            from parties p where p.party_no = any($1)
            union all
            select up.of, up.depth + 1, p.party_no, p.parent_no, p.kind, p.status,
                p.callback_url, p.requires_agent_signatures
            from up join parties p on p.party_no = up.parent_no where up.depth < 32
        )
        select of, depth, party_no, kind, status, callback_url, requires_agent_signatures
        from up order by of, depth
        """

    func bind(_ bindings: inout PostgresBindings) { bindings.append(partyNos) }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            of: try row.text(0), depth: try row.int32(1), partyNo: try row.text(2),
            kind: try row.text(3), status: try row.text(4),
            callbackURL: try row.textOrNull(5), requiresAgentSignatures: try row.bool(6))
    }
}

/// All rates of parties, newest last.
struct RatesOf: PostgresStatement {
    struct Row: Sendable {
        let partyNo: String
        let product: String
        let ratePPM: Int32
        let effectiveFrom: Timestamp
    }

    let partyNos: [String]

    static let sql = """
        select party_no, product, rate_ppm, effective_from from rates
        where party_no = any($1) order by party_no, product, effective_from
        """

    func bind(_ bindings: inout PostgresBindings) { bindings.append(partyNos) }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            partyNo: try row.text(0), product: try row.text(1), ratePPM: try row.int32(2),
            effectiveFrom: try row.time(3))
    }
}

/// The signing keys of parties that aren't retired.
struct KeysOf: PostgresStatement {
    struct Row: Sendable {
        let partyNo: String
        let keyVersion: Int32
        let signType: String
        let secretSealed: [UInt8]?
        let publicKeyPEM: String?
        let isUsed: Bool
    }

    let partyNos: [String]

    static let sql = """
        select party_no, key_version, sign_type, secret_sealed, public_key_pem,
            first_used_at is not null
        from signing_keys where party_no = any($1) and retired_at is null
        order by party_no, key_version
        """

    func bind(_ bindings: inout PostgresBindings) { bindings.append(partyNos) }

    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            partyNo: try row.text(0), keyVersion: try row.int32(1), signType: try row.text(2),
            secretSealed: try row.bytesOrNull(3), publicKeyPEM: try row.textOrNull(4),
            isUsed: try row.bool(5))
    }
}
