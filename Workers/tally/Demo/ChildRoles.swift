import Foundation

/// Roles as processes of their own, started, killed and stopped by `tally demo --processes`.
actor ChildRoles {
    private struct Child {
        let arguments: [String]
        let settings: [String: String]
        let logFile: String
        var process: Process
    }

    private var children: [Child] = []

    /// Starts `tally` with arguments and settings; its log goes to `logFile`.
    @discardableResult
    func start(
        _ arguments: [String], settings: [String: String], logFile: String
    ) throws -> Process {
        _ = FileManager.default.createFile(atPath: logFile, contents: nil)
        let process = try Self.run(arguments, settings, logFile)
        children.append(
            Child(
                arguments: arguments, settings: settings, logFile: logFile, process: process))
        return process
    }

    /// Kills the `index`-th that was started as `kill -9` does, and starts it again.
    /// - Throws: `SettingError` where it had ended by itself, which no role does.
    func replace(_ index: Int) throws {
        let child = children[index]
        guard child.process.isRunning else {
            throw SettingError(
                description:
                    "\(child.arguments.joined(separator: " ")) ended by itself with status "
                    + "\(child.process.terminationStatus); see \(child.logFile)")
        }
        kill(child.process.processIdentifier, SIGKILL)
        child.process.waitUntilExit()
        children[index].process = try Self.run(child.arguments, child.settings, child.logFile)
    }

    /// Asks each to stop gracefully and waits for it.
    func stop() {
        for child in children where child.process.isRunning { child.process.terminate() }
        for child in children { child.process.waitUntilExit() }
    }

    private static func run(
        _ arguments: [String], _ settings: [String: String], _ logFile: String
    ) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix("TALLY_") }
            .merging(settings) { _, ours in ours }
        let log = FileHandle(forWritingAtPath: logFile)
        _ = try log?.seekToEnd()
        process.standardError = log
        process.standardOutput = log
        try process.run()
        return process
    }
}
