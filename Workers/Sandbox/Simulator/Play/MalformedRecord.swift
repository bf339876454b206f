/// How a record is malformed.
public enum MalformedRecord: String, Sendable, CaseIterable {
    /// Not JSON at all.
    case notJSON
    /// JSON of another shape.
    case wrongShape
    /// The right shape, with a signature that nobody made.
    case forged
}
