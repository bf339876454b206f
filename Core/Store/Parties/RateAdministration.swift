public import Payments
public import Postgres

/// All rates of a party, or of the path above it, by product and time.
public struct RateHistory: PostgresStatement {
    /// A rate from a moment on.
    public struct Row: Sendable {
        /// The party that is charged.
        public let partyNo: String
        /// The product.
        public let product: Product
        /// What the party above charges it.
        public let rate: Rate
        /// From when on.
        public let effectiveFrom: Timestamp
    }

    let partyNos: [String]

    /// - Parameter partyNos: the parties.
    public init(_ partyNos: [String]) { self.partyNos = partyNos }

    public static let sql = """
        select party_no, product, rate_ppm, effective_from from rates
        where party_no = any($1) order by party_no, product, effective_from
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(partyNos) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            partyNo: try row.text(0), product: try row.product(1), rate: try row.rate(2),
            effectiveFrom: try row.time(3))
    }
}

/// The path of a party: itself, and those above it up to the platform, nearest first.
public struct PathOfParty: PostgresStatement {
    let partyNo: String

    /// - Parameter partyNo: the lowest party; an unknown one has no row.
    public init(_ partyNo: String) { self.partyNo = partyNo }

    public static let sql = """
        with recursive up as (
            select party_no, parent_no, 0 as depth from parties where party_no = $1
            union all
            select p.party_no, p.parent_no, up.depth + 1
            from up join parties p on p.party_no = up.parent_no where up.depth < 32
        )
        select party_no from up order by depth
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(partyNo) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}

/// Where a party's rates for a product are out of order with those directly above or below it.
public struct RateConflicts: PostgresStatement {
    /// Two parties whose rates are out of order from a moment on.
    public struct Row: Sendable, Equatable {
        /// The party above, with the higher rate.
        public let upperNo: String
        /// Its rate in ppm.
        public let upperPPM: Int32
        /// The party below it.
        public let lowerNo: String
        /// Its rate in ppm.
        public let lowerPPM: Int32
        /// From when on.
        public let since: Timestamp
    }

    let partyNo: String
    let product: Product

    /// - Parameter partyNo: whose rate was changed in this transaction.
    public init(partyNo: String, product: Product) {
        self.partyNo = partyNo
        self.product = product
    }

    public static let sql = """
        select upper_no, upper_ppm, lower_no, lower_ppm, since from rate_conflicts($1, $2)
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(partyNo)
        bindings.append(product.rawValue)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            upperNo: try row.text(0), upperPPM: try row.int32(1), lowerNo: try row.text(2),
            lowerPPM: try row.int32(3), since: try row.time(4))
    }
}

/// Writes what an operator did to the audit log.
public struct AddAuditEntry: PostgresStatement {
    let actor: String
    let action: String
    let subject: String
    let detail: String
    let now: Timestamp

    /// - Parameters:
    ///   - actor: who did it.
    ///   - action: `rate.set`, `key.add`, …
    ///   - subject: the number of what was changed.
    ///   - detail: what it was before and is now; no secrets.
    public init(
        actor: String, action: String, subject: String, detail: String, now: Timestamp
    ) {
        self.actor = actor
        self.action = action
        self.subject = subject
        self.detail = detail
        self.now = now
    }

    public static let sql = """
        insert into audit_log (actor, action, subject, detail, at) values ($1, $2, $3, $4, $5)
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(actor)
        bindings.append(action)
        bindings.append(subject)
        bindings.append(detail)
        bindings.append(now)
    }
}
