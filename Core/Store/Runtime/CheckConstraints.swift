public import Postgres

/// Checks deferred constraints now, and those of later statements at once, instead of at the
/// commit.
public struct CheckConstraints: PostgresStatement {
    /// Of the transaction it runs in.
    public init() {}
    public static let sql = "set constraints all immediate"
    public func bind(_ bindings: inout PostgresBindings) {}
}
