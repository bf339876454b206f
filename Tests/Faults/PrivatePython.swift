import Foundation
import TestStack
import TestWaiting

/// The Python that `scripts/setup` installed, with what the auditor needs.
enum PrivatePython {
    /// `TALLY_PYTHON`, else `.tally-tools/python` here or in a folder above.
    static func find() throws -> String {
        if let named = ProcessInfo.processInfo.environment["TALLY_PYTHON"] { return named }
        var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        while true {
            let path = folder.appendingPathComponent(".tally-tools/python/bin/python").path
            if FileManager.default.isExecutableFile(atPath: path) { return path }
            guard folder.path != "/" else {
                throw DeadlineError(
                    description: "no .tally-tools/python here or above: run scripts/setup")
            }
            folder.deleteLastPathComponent()
        }
    }
}
