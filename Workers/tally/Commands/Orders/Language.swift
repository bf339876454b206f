public import ArgumentParser
public import Sentences

extension Language: ExpressibleByArgument {}

/// Options of commands that print sentences.
struct LanguageOptions: ParsableArguments {
    @Option(name: .customLong("lang"), help: "The language of the sentences: en or zh.")
    var language = Language.en
}
