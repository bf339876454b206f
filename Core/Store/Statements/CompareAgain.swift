public import Payments
public import Postgres

/// Of each account the newest complete statement of a day, locked until the transaction ends.
public struct LockStatementsOfDay: PostgresStatement {
    /// A statement.
    public struct Row: Sendable {
        /// The statement's identity.
        public let statementID: String
        /// The channel's name.
        public let channel: String
        /// How often it has been compared.
        public let reconciliations: Int64
    }

    let day: BusinessDay

    /// - Parameter day: the statements' day.
    public init(day: BusinessDay) { self.day = day }

    public static let sql = """
        select s.statement_id, s.channel,
            (select count(*) from reconciliations r where r.statement_id = s.statement_id)
        from statements s
        where s.day = $1::text::date and \(StatementVersion.isNewest("s"))
        order by s.statement_id for update of s
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(day) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Row {
        Row(
            statementID: try row.text(0), channel: try row.text(1),
            reconciliations: try row.int64(2))
    }
}

/// How many orders and refunds a statement has matched that no settlement holds: such as a person
/// accepted after the settlement.
public struct UnsettledMatches: PostgresStatement {
    let statementID: String

    /// - Parameter statementID: a complete statement.
    public init(statementID: String) { self.statementID = statementID }

    public static let sql = """
        select (select count(*) from orders
                where matched_statement_id = $1 and settlement_id is null)
            + (select count(*) from refunds
                where matched_statement_id = $1 and settlement_id is null)
        """

    public func bind(_ bindings: inout PostgresBindings) { bindings.append(statementID) }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Int64 {
        try row.int64(0)
    }
}
