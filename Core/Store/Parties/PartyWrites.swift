public import Payments
public import Postgres

/// Inserts a party, or updates its name and callback settings.
public struct PutParty: PostgresStatement {
    /// A party's kind.
    public enum Kind: String, Sendable {
        /// The company that holds the channel contract.
        case platform
        /// A company that brings in merchants; agents can be below agents.
        case agent
        /// A seller that is paid by payers.
        case merchant
    }

    let partyNo: String
    let kind: Kind
    let parentNo: String?
    let name: String
    let callbackURL: String?
    let requiresAgentSignatures: Bool

    /// - Parameter parentNo: must exist; `nil` for the platform only.
    public init(
        partyNo: String, kind: Kind, parentNo: String?, name: String, callbackURL: String?,
        requiresAgentSignatures: Bool
    ) {
        self.partyNo = partyNo
        self.kind = kind
        self.parentNo = parentNo
        self.name = name
        self.callbackURL = callbackURL
        self.requiresAgentSignatures = requiresAgentSignatures
    }

    public static let sql = """
        insert into parties
            (party_no, kind, parent_no, name, callback_url, requires_agent_signatures)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (party_no) do update
        set name = excluded.name, callback_url = excluded.callback_url,
            requires_agent_signatures = excluded.requires_agent_signatures
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(partyNo)
        bindings.append(kind.rawValue)
        bindings.append(parentNo)
        bindings.append(name)
        bindings.append(callbackURL)
        bindings.append(requiresAgentSignatures)
    }

}

/// Sets a party's rate for a product from a time on.
public struct PutRate: PostgresStatement {
    let partyNo: String
    let product: Product
    let rate: Rate
    let effectiveFrom: Timestamp

    /// - Parameter rate: what the level above charges the party; the platform's is the channel's.
    public init(partyNo: String, product: Product, rate: Rate, effectiveFrom: Timestamp) {
        self.partyNo = partyNo
        self.product = product
        self.rate = rate
        self.effectiveFrom = effectiveFrom
    }

    public static let sql = """
        insert into rates (party_no, product, rate_ppm, effective_from) values ($1, $2, $3, $4)
        on conflict (party_no, product, effective_from) do update
        set rate_ppm = excluded.rate_ppm
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(partyNo)
        bindings.append(product.rawValue)
        bindings.append(Int32(rate.ppm))
        bindings.append(effectiveFrom)
    }

}

/// Inserts a signing key of a party; an existing version isn't changed.
public struct PutSigningKey: PostgresStatement {
    let partyNo: String
    let keyVersion: Int32
    let signType: SignType
    let secretSealed: [UInt8]?
    let publicKeyPEM: String?

    /// `secretSealed` for MD5 and HMAC-SHA256, `publicKeyPEM` for RSA2.
    public init(
        partyNo: String, keyVersion: Int32, signType: SignType, secretSealed: [UInt8]?,
        publicKeyPEM: String?
    ) {
        self.partyNo = partyNo
        self.keyVersion = keyVersion
        self.signType = signType
        self.secretSealed = secretSealed
        self.publicKeyPEM = publicKeyPEM
    }

    /// The context that a key's secret is sealed under.
    public static func sealContext(partyNo: String, keyVersion: Int32) -> String {
        "signing_keys/\(partyNo)/\(keyVersion)"
    }

    public static let sql = """
        insert into signing_keys
            (party_no, key_version, sign_type, secret_sealed, public_key_pem)
        values ($1, $2, $3, $4, $5) on conflict do nothing
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(partyNo)
        bindings.append(keyVersion)
        bindings.append(signType.rawValue)
        bindings.append(secretSealed)
        bindings.append(publicKeyPEM)
    }

}

/// Records that parties have signed with keys for the first time; deliveries follow to these keys.
public struct RecordKeyUse: PostgresStatement {
    /// A key of a party.
    public struct Use: Sendable, Hashable {
        let partyNo: String
        let signType: SignType
        let version: Int

        /// The key that a verified signature was made with.
        public init(partyNo: String, signType: SignType, version: Int) {
            self.partyNo = partyNo
            self.signType = signType
            self.version = version
        }
    }

    let uses: [Use]
    let now: Timestamp

    /// Run it only for keys that ``Directory/Entry/isFirstUse(_:version:)``: each run makes a new
    /// version of the directory.
    public init(_ uses: Set<Use>, now: Timestamp) {
        self.uses = uses.sorted {
            ($0.partyNo, $0.signType.rawValue, $0.version)
                < ($1.partyNo, $1.signType.rawValue, $1.version)
        }
        self.now = now
    }

    public static let sql = """
        update signing_keys as k set first_used_at = $4
        from unnest($1::text[], $2::text[], $3::int[]) as u (party_no, sign_type, key_version)
        where k.party_no = u.party_no and k.sign_type = u.sign_type
            and k.key_version = u.key_version and k.first_used_at is null
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(uses.map(\.partyNo))
        bindings.append(uses.map(\.signType.rawValue))
        bindings.append(uses.map { Int32(clamping: $0.version) })
        bindings.append(now)
    }
}

/// Sets the card that a merchant's settlements are paid to.
public struct PutSettlementCard: PostgresStatement {
    let partyNo: String
    let payeeNameSealed: [UInt8]
    let cardNoSealed: [UInt8]
    let cardNoMasked: String

    /// Both values sealed under ``sealContext(partyNo:)``.
    public init(
        partyNo: String, payeeNameSealed: [UInt8], cardNoSealed: [UInt8], cardNoMasked: String
    ) {
        self.partyNo = partyNo
        self.payeeNameSealed = payeeNameSealed
        self.cardNoSealed = cardNoSealed
        self.cardNoMasked = cardNoMasked
    }

    /// Seals both values.
    /// - Parameter masked: the card's number as it may be shown.
    public init(
        partyNo: String, payeeName: String, cardNo: String, masked: String, sealer: Sealer
    ) throws(SealerError) {
        let context = Self.sealContext(partyNo: partyNo)
        self.init(
            partyNo: partyNo, payeeNameSealed: try sealer.seal(payeeName, context: context),
            cardNoSealed: try sealer.seal(cardNo, context: context), cardNoMasked: masked)
    }

    /// The context that a card's values are sealed under.
    public static func sealContext(partyNo: String) -> String { "settlement_cards/\(partyNo)" }

    public static let sql = """
        insert into settlement_cards (party_no, payee_name_sealed, card_no_sealed, card_no_masked)
        values ($1, $2, $3, $4)
        on conflict (party_no) do update set payee_name_sealed = excluded.payee_name_sealed,
            card_no_sealed = excluded.card_no_sealed, card_no_masked = excluded.card_no_masked
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(partyNo)
        bindings.append(payeeNameSealed)
        bindings.append(cardNoSealed)
        bindings.append(cardNoMasked)
    }

}
