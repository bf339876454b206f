import Configuration
import Foundation
import Logging

/// Reads settings by their variables' names, and gathers what is wrong with them.
///
/// A variable that is set and empty counts as not set where it has no default; where it has one,
/// being empty is an error, because nobody can say which of the two was meant.
final class SettingReader {
    private(set) var problems: [String] = []
    private let reader: ConfigReader

    /// - Parameters:
    ///   - environment: takes precedence.
    ///   - file: by the same names.
    /// Both without `TALLY_` in the names.
    init(environment: [String: String], file: [String: String]) {
        reader = ConfigReader(
            providers: [environment, file].map {
                EnvironmentVariablesProvider(environmentVariables: $0)
            })
    }

    private func value(_ name: String) -> String? {
        let parts = name.dropFirst("TALLY_".count).lowercased().split(separator: "_")
            .map(String.init)
        return reader.string(forKey: ConfigKey(parts), isSecret: true)
    }

    /// A text without default; empty where it isn't set.
    func text(_ name: String) -> String { value(name) ?? "" }

    /// A text with a default.
    func text(_ name: String, default fallback: String) -> String {
        parsed(name, fallback, "text") { $0 }
    }

    /// A secret: `nil` where it isn't set; being empty is an error.
    func secret(_ name: String) -> String? {
        let secret = value(name)
        if secret?.isEmpty == true {
            problems.append("\(name) is empty: set the secret, or remove the variable")
        }
        return secret
    }

    /// A whole number within `range`.
    func number(_ name: String, default fallback: Int, in range: ClosedRange<Int>) -> Int {
        parsed(name, fallback, "a whole number from \(range.lowerBound) to \(range.upperBound)") {
            Int($0).flatMap { range.contains($0) ? $0 : nil }
        }
    }

    /// A TCP port; `nil` where it isn't set.
    func port(_ name: String) -> Int? {
        guard value(name) != nil else { return nil }
        return number(name, default: 0, in: 1...65_535)
    }

    /// `true` or `false`.
    func flag(_ name: String, default fallback: Bool) -> Bool {
        parsed(name, fallback, "true or false") { text in
            switch text.lowercased() {
            case "true", "yes", "1": true
            case "false", "no", "0": false
            default: nil
            }
        }
    }

    /// One of a few words.
    func word<Word: RawRepresentable & CaseIterable>(
        _ name: String, default fallback: Word
    ) -> Word where Word.RawValue == String {
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        return parsed(name, fallback, "one of \(words)") { Word(rawValue: $0) }
    }

    /// An http address without a query; empty where it isn't set.
    func address(_ name: String) -> String {
        let text = text(name)
        guard !text.isEmpty else { return "" }
        let parts = URLComponents(string: text)
        if parts?.host?.isEmpty ?? true || parts?.query != nil
            || !["http", "https"].contains(parts?.scheme)
        {
            problems.append(
                "\(name) must be an http or https address without a query, such as "
                    + "https://host.example/path")
        }
        return text
    }

    /// A text that `check` finds nothing wrong with.
    /// - Parameter check: returns what the value must be, for the end of a sentence.
    func text(
        _ name: String, default fallback: String = "", check: (String) -> String?
    ) -> String {
        let text = fallback.isEmpty ? text(name) : text(name, default: fallback)
        if !text.isEmpty, let wanted = check(text) { problems.append("\(name) \(wanted)") }
        return text
    }

    private func parsed<Value>(
        _ name: String, _ fallback: Value, _ wanted: String, _ parse: (String) -> Value?
    ) -> Value {
        guard let text = value(name) else { return fallback }
        guard !text.isEmpty else {
            problems.append(
                "\(name) is empty: it must be \(wanted); remove it for the default")
            return fallback
        }
        guard let value = parse(text) else {
            problems.append("\(name) is '\(text.prefix(64))' and must be \(wanted)")
            return fallback
        }
        return value
    }
}
