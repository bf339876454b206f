import ArgumentParser

/// The language of a page for people.
enum Language: String, ExpressibleByArgument, CaseIterable, Sendable {
    case en
    case zh

    /// The text of this language.
    func callAsFunction(_ english: String, _ chinese: String) -> String {
        self == .en ? english : chinese
    }
}

/// Options of commands that print sentences.
struct LanguageOptions: ParsableArguments {
    @Option(name: .customLong("lang"), help: "The language of the sentences: en or zh.")
    var language = Language.en
}
