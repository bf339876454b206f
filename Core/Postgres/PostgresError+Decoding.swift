extension PostgresError {
    /// For a statement's `decode`: a column holds a value that its type can't be.
    public static func decoding(_ reason: String) -> PostgresError {
        PostgresError(.decoding(reason))
    }
}
