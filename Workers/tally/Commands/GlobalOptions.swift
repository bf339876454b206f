import ArgumentParser
import Composition
import Foundation
import Logging

/// What every command takes.
struct GlobalOptions: ParsableArguments {
    @Option(help: "A YAML file with settings; the environment goes over it.")
    var config: String?

    func settings() async throws -> Settings { try await Settings.load(file: config) }
}

/// What every command that prints takes.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON.")
    var json = false
}

/// Standard output and standard error of the commands.
enum Terminal {
    static func line(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    static func note(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// For clients whose errors the command tells itself, once.
    static var quietLogger: Logger {
        var logger = Logger(label: "tally")
        logger.logLevel = .critical
        return logger
    }

    /// A value as one line of JSON, names in snake_case.
    static func json(_ value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        line(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
