import ArgumentParser
import Composition

/// Options of every command.
struct GlobalOptions: ParsableArguments {
    @Option(help: "A YAML file with settings; environment variables take precedence.")
    var config: String?

    func settings() async throws -> Settings { try await Settings.load(file: config) }
}

/// Options of every command that prints.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON.")
    var json = false
}
