import CLibPQ

/// A statement's result: its rows in memory, freed with the last reference.
///
/// `@unchecked Sendable`: libpq makes a PGresult once and nothing here alters it, and "PGresult
/// objects are normally read-only after creation, and so can be passed around freely between
/// threads" (PostgreSQL manual, "Behavior in Threaded Programs").
public final class PostgresResult: @unchecked Sendable {
    let pointer: OpaquePointer
    /// The statement's name, for messages.
    let statement: String

    init(owning pointer: OpaquePointer, statement: String) {
        self.pointer = pointer
        self.statement = statement
    }

    deinit { PQclear(pointer) }

    /// How many columns a row has.
    public var columnCount: Int { Int(PQnfields(pointer)) }

    /// How many rows an INSERT, UPDATE, DELETE, MERGE, COPY or SELECT affected or returned; else 0.
    public var affectedRows: Int {
        guard let text = PQcmdTuples(pointer) else { return 0 }
        return Int(String(cString: text)) ?? 0
    }

    /// A column's name; `nil` beyond the last.
    public func columnName(_ column: Int) -> String? {
        PQfname(pointer, Int32(clamping: column)).map { String(cString: $0) }
    }

    /// The command that ran, as the server names it: `INSERT 0 5`.
    var commandTag: String {
        PQcmdStatus(pointer).map { String(cString: $0) } ?? ""
    }

    var status: ExecStatusType { PQresultStatus(pointer) }

    var isSuccess: Bool {
        let status = status
        return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK
            || status == PGRES_EMPTY_QUERY
    }

    /// The server's error, with the statement that failed.
    func failure(connectionIsBroken: Bool) -> PostgresError {
        guard let sqlState = field(.sqlState) else {
            let text = PQresultErrorMessage(pointer).map { String(cString: $0) } ?? ""
            let reason = text.trimmedMessage
            let kind: PostgresError.Kind =
                connectionIsBroken ? .connection(reason) : .protocolBroken(reason)
            return PostgresError(kind, statement: statement)
        }
        return PostgresError(
            .server(
                PostgresServerError(
                    sqlState: sqlState, message: field(.message) ?? "no message",
                    detail: field(.detail), hint: field(.hint),
                    table: field(.table), column: field(.column),
                    constraint: field(.constraint),
                    position: field(.position).flatMap { Int($0) })),
            statement: statement)
    }

    private func field(_ field: ErrorField) -> String? {
        PQresultErrorField(pointer, field.code).map { String(cString: $0) }
    }
}

extension PostgresResult: RandomAccessCollection {
    /// 0.
    public var startIndex: Int { 0 }
    /// The number of rows.
    public var endIndex: Int { Int(PQntuples(pointer)) }
    /// One row; an index beyond the last traps, as an array's does.
    public subscript(index: Int) -> PostgresRow {
        precondition(index >= 0 && index < endIndex, "row \(index) of \(endIndex)")
        return PostgresRow(result: self, index: Int32(index))
    }
}

extension String {
    /// One line, without the prefix and the line ends libpq adds.
    var trimmedMessage: String {
        let lines = split(whereSeparator: \.isNewline).map { line in
            String(line.drop { $0 == " " || $0 == "\t" })
        }
        return lines.isEmpty ? "no reason given" : lines.joined(separator: "; ")
    }
}
