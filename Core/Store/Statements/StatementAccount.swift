public import Postgres

/// Whether any order is of a channel's account; also where there is no order at all.
public struct IsAccountOfOrders: PostgresStatement {
    let channel: String
    let account: String

    /// - Parameter account: as a statement names it.
    public init(channel: String, account: String) {
        self.channel = channel
        self.account = account
    }

    public static let sql = """
        with s (channel, account) as (select $1, $2)
        select exists (select from s join orders o on \(StatementAccount.owns("s", "o")))
            or not exists (select from orders)
        """

    public func bind(_ bindings: inout PostgresBindings) {
        bindings.append(channel)
        bindings.append(account)
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> Bool {
        try row.bool(0)
    }
}

/// Whose a statement is: a line of another channel or account is never that of our order, whatever
/// number it names.
enum StatementAccount {
    /// That the order's payments are in the statement; an account begins with its seller's number.
    static func owns(_ statement: String, _ order: String) -> String {
        "\(order).channel = \(statement).channel "
            + "and starts_with(\(statement).account, \(order).seller_id)"
    }
}

/// Which version of a day's statement counts: a corrected file replaces the one before it.
enum StatementVersion {
    /// That the statement is complete, and the newest such one of its account and day.
    static func isNewest(_ statement: String) -> String {
        """
        \(statement).status = 'complete'
            and not exists (select from statements n where n.channel = \(statement).channel
                and n.account = \(statement).account and n.day = \(statement).day
                and n.status = 'complete' and (n.completed_at, n.statement_id)
                    > (\(statement).completed_at, \(statement).statement_id))
        """
    }
}
