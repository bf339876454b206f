/// The ways in which a record is malformed.
public enum MalformedRecord: String, Sendable, CaseIterable {
    /// Not JSON.
    case notJSON
    /// JSON of another shape.
    case wrongShape
    /// The right shape, signed with an attacker's key.
    case forged
}
