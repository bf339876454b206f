public import Postgres

/// Stores accepted orders by COPY, if none of their numbers, the platform's and the merchants', is
/// used: true of nearly every batch, and half of the server's work of `insert … on conflict`.
public struct CopyNewOrders: Sendable {
    private let orders: [NewOrder]

    /// The orders of a batch.
    public init(_ orders: [NewOrder]) { self.orders = orders }

    /// Stores all of them, or none where a number is used.
    /// - Returns: whether they were stored.
    public func run(in transaction: PostgresTransaction) async throws(PostgresError) -> Bool {
        try await transaction.copyInUnlessTaken(Self.sql, rows)
    }

    static let sql = "copy orders (\(NewOrderColumn.names)) from stdin (format binary)"

    private var rows: PostgresCopyRows {
        let columns = NewOrderColumn.all
        var rows = PostgresCopyRows(columns: Int16(columns.count))
        rows.reserve(bytes: orders.count * 800)
        for order in orders {
            rows.beginRow()
            for column in columns { column.append(order, to: &rows) }
        }
        return rows
    }
}
