public import Payments
public import Postgres

/// The keys of a party, without their secrets, by type and version.
public struct KeyList: PostgresStatement {
    /// A key.
    public struct Row: Sendable {
        /// How it signs.
        public let signType: SignType
        /// Its version.
        public let version: Int32
        /// From when it was valid.
        public let validFrom: Timestamp
        /// When it was first used; `nil` where it never was.
        public let firstUsedAt: Timestamp?
        /// When it was revoked; `nil` while it is valid.
        public let retiredAt: Timestamp?
    }

    let partyNo: String

    /// - Parameter partyNo: the party.
    public init(_ partyNo: String) { self.partyNo = partyNo }

    public static let sql = """
        select sign_type, key_version, valid_from, first_used_at, retired_at
        from signing_keys where party_no = $1 order by sign_type, key_version
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(partyNo) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        let signType = try row.text(0)
        guard let known = SignType(rawValue: signType) else {
            throw PostgresError.decoding("'\(signType)' is not a sign_type")
        }
        return Row(
            signType: known, version: try row.int32(1), validFrom: try row.time(2),
            firstUsedAt: try row.timeOrNull(3), retiredAt: try row.timeOrNull(4))
    }
}

/// Revokes a key: from now on nothing that is signed with it is accepted. A row if it was valid.
public struct RevokeKey: PostgresStatement {
    let partyNo: String
    let signType: SignType
    let version: Int32
    let now: Timestamp

    /// - Parameter version: of that type.
    public init(partyNo: String, signType: SignType, version: Int32, now: Timestamp) {
        self.partyNo = partyNo
        self.signType = signType
        self.version = version
        self.now = now
    }

    public static let sql = """
        update signing_keys set retired_at = $4
        where party_no = $1 and sign_type = $2 and key_version = $3 and retired_at is null
        returning key_version
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(partyNo)
        bindings.append(signType.rawValue)
        bindings.append(version)
        bindings.append(now)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Int32 {
        try row.int32(0)
    }
}
