/// Why the settings can't be used: everything that is wrong with them, each by its variable.
package struct SettingError: Error, CustomStringConvertible {
    /// A sentence each; at least one.
    package let problems: [String]

    package init(_ problems: [String]) { self.problems = problems }

    package init(description: String) { problems = [description] }

    /// One problem on one line; several below a line with their number.
    package var description: String {
        guard problems.count != 1 else { return problems[0] }
        return (["\(problems.count) settings are wrong:"] + problems.map { "- \($0)" })
            .joined(separator: "\n")
    }

    package static func missing(_ name: String) -> SettingError {
        SettingError(description: missingText(name))
    }

    static func missingText(_ name: String) -> String {
        "\(name) is not set; see docs/operations.md, Configuration"
    }
}
