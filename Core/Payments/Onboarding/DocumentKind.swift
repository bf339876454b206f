/// A document whose image an application holds.
public enum DocumentKind: String, Sendable, Hashable, CaseIterable, Codable {
    /// The business licence.
    case license
    /// The side of the legal person's identity card with the portrait.
    case idFront = "id_front"
    /// Its other side.
    case idBack = "id_back"
}
