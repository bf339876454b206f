import Foundation

/// `tally` in the data folder: a shell script that runs this program's commands with the settings
/// of the stack. It exists while the stack is up, and only its owner can read it: it holds the
/// master key.
package struct StackScript {
    private let stack: Stack

    package init(stack: Stack) { self.stack = stack }

    /// The script's file.
    package var path: String { stack.folder + "/tally" }

    /// Writes the script, readable and executable by its owner.
    package func write() throws {
        try? FileManager.default.removeItem(atPath: path)
        let isWritten = FileManager.default.createFile(
            atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: 0o700])
        guard isWritten else { throw CocoaError(.fileWriteUnknown) }
    }

    package func remove() { try? FileManager.default.removeItem(atPath: path) }

    private var text: String {
        // A command has no port of its own and writes its errors itself.
        let left = ["TALLY_HTTP_PORT", "TALLY_LOG_LEVEL"]
        var settings = stack.settings(role: nil).filter { !left.contains($0.key) }
        settings["LD_LIBRARY_PATH"] = ProcessInfo.processInfo.environment["LD_LIBRARY_PATH"]
        let exports = settings.sorted { $0.key < $1.key }
            .map { "export \($0.key)=\(Self.quoted($0.value))\n" }
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        return "#!/bin/sh\n# Runs tally's commands on the stack of this folder while it is up.\n"
            + exports.joined() + "exec \(Self.quoted(program)) \"$@\"\n"
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
