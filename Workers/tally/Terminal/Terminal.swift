import Foundation
import Logging

/// Standard output and standard error of the commands.
enum Terminal {
    /// A line of the command's result, on standard output.
    static func line(_ text: String) {
        Screen.shared.clear()
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// A line about the command's run, on standard error.
    static func note(_ text: String) {
        Screen.shared.clear()
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// For clients whose errors the command itself reports, once.
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
