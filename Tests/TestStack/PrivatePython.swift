import Foundation
import TestWaiting

/// The Python that `scripts/setup` installed, with the modules that the auditor and the oracle use.
public enum PrivatePython {
    /// The path of its interpreter: `TALLY_PYTHON`, else `.tally-tools/python` in the current
    /// folder or the nearest folder above that has it.
    /// - Throws: `DeadlineError` where there is none.
    public static func find() throws -> String {
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

    /// A script of the tests, by its path in `Tests/`.
    public static func script(_ path: String) -> String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent(path).path
    }
}
