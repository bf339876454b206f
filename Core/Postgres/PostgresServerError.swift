/// An ErrorResponse of the server.
public struct PostgresServerError: Sendable, CustomStringConvertible {
    /// Five characters: https://www.postgresql.org/docs/current/errcodes-appendix.html
    public var sqlState: String
    /// The primary message. Quoted values are removed (see `init`).
    public var message: String
    /// May hold stored or bound values: never log it.
    public var detail: String?
    /// The server's hint.
    public var hint: String?
    /// The table, where one is at fault.
    public var table: String?
    /// The column, where one is at fault.
    public var column: String?
    /// The constraint that was violated.
    public var constraint: String?
    /// Where in the statement's text, in characters from 1.
    public var position: Int?

    init(
        sqlState: String, message: String, detail: String?, hint: String?, table: String?,
        column: String?, constraint: String?, position: Int?
    ) {
        self.sqlState = sqlState
        // Class 22 (data exception) quotes the offending value after a colon.
        self.message =
            sqlState.hasPrefix("22")
            ? String(message.prefix { $0 != ":" && $0 != "\"" }) : message
        self.detail = detail
        self.hint = hint
        self.table = table
        self.column = column
        self.constraint = constraint
        self.position = position
    }

    /// Without `detail`.
    public var description: String {
        var text = "\(message) (SQLSTATE \(sqlState)"
        if let table { text += ", table \(table)" }
        if let column { text += ", column \(column)" }
        if let constraint { text += ", constraint \(constraint)" }
        if let position { text += ", at character \(position)" }
        text += ")"
        if let hint { text += ". Hint: \(hint)" }
        return text
    }
}
