/// One SQL statement as a type: its text, its bindings, and the type of a row.
///
/// A connection prepares it on first use and keeps it prepared under the type.
public protocol PostgresStatement: Sendable {
    /// The type of a decoded row; `Void` for a statement without rows.
    associatedtype Row: Sendable = Void

    /// The text, with `$1`, `$2` … for what `bind` appends. The same on every call.
    static var sql: String { get }

    /// Appends the parameters, in order.
    func bind(_ bindings: inout PostgresBindings)

    /// Reads one row, column by column.
    static func decode(_ row: PostgresRow) throws(PostgresError) -> Row
}

extension PostgresStatement {
    /// No parameters, unless the statement says otherwise.
    public func bind(_ bindings: inout PostgresBindings) {}
}

extension PostgresStatement where Row == Void {
    /// Decodes nothing.
    public static func decode(_ row: PostgresRow) throws(PostgresError) {}
}
