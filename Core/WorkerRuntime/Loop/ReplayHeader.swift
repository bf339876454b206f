/// The headers of a record that was replayed from a dead letter.
public enum ReplayHeader {
    /// Holds the `dead-letter-id`.
    public static let from = "replayed-from"
    /// Holds how often the record has been replayed.
    public static let count = "replay-count"
}
