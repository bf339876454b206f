import Foundation

/// Roles as processes of their own, started and stopped by `tally demo --processes`.
final class ChildRoles {
    private var processes: [Process] = []

    /// Starts `tally` with arguments and settings; its log goes to `logFile`.
    @discardableResult
    func start(
        _ arguments: [String], settings: [String: String], logFile: String
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix("TALLY_") }
            .merging(settings) { _, ours in ours }
        _ = FileManager.default.createFile(atPath: logFile, contents: nil)
        let log = FileHandle(forWritingAtPath: logFile)
        process.standardError = log
        process.standardOutput = log
        try process.run()
        processes.append(process)
        return process
    }

    /// Asks each to stop gracefully and waits for it.
    func stop() {
        for process in processes where process.isRunning { process.terminate() }
        for process in processes { process.waitUntilExit() }
    }
}
