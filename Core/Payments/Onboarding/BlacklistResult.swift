/// What the channel's blacklist says of a company, its legal person and its card.
public enum BlacklistResult: String, Sendable, Hashable, CaseIterable, Codable {
    /// The channel knows of no risk.
    case clear
    /// The channel gave no usable answer, or a graded one: a person decides.
    case unclear
    /// It is on the channel's blacklist.
    case listed
}
