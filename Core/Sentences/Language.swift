/// A language of pages for people.
public enum Language: String, CaseIterable, Sendable {
    /// English.
    case en
    /// Simplified Chinese.
    case zh

    /// The text of this language.
    public func callAsFunction(_ english: String, _ chinese: String) -> String {
        self == .en ? english : chinese
    }
}
