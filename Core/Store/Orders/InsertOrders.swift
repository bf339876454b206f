public import Postgres

/// Stores accepted orders whose numbers, the platform's and the merchants', aren't used; a row with
/// the order_no of each that was stored.
public struct InsertOrders: PostgresStatement {
    let orders: [NewOrder]

    /// The orders of a batch; of two with one number the first is stored.
    public init(_ orders: [NewOrder]) { self.orders = orders }

    public static let sql = """
        insert into orders (\(NewOrderColumn.names))
        select \(NewOrderColumn.all.map(\.selected).joined(separator: ", "))
        from unnest(\(arrays)) with ordinality as n (\(NewOrderColumn.names), place)
        order by place on conflict do nothing returning order_no
        """

    private static let arrays = NewOrderColumn.all.enumerated()
        .map { "$\($0.offset + 1)::\($0.element.boundType)[]" }.joined(separator: ", ")

    public func bind(_ bindings: inout PostgresBindings) {
        for column in NewOrderColumn.all { column.bind(orders, to: &bindings) }
    }

    public static func decode(_ row: PostgresRow) throws(PostgresError) -> String {
        try row.text(0)
    }
}
