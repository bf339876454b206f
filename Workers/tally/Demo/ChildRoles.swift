import Foundation
import WorkerRuntime

/// Roles as processes of their own, started, killed and stopped by `tally demo --processes`.
actor ChildRoles {
    private struct Child {
        let arguments: [String]
        let settings: [String: String]
        let logFile: String
        var process: Process
        // The step at which it is to die.
        var end: LoopStep?
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

    /// Starts those again that have died at the step where they were to; returns the steps.
    /// - Throws: `SettingError` where one has ended by itself, which no role does.
    func revive(_ indices: [Int]) throws -> [LoopStep] {
        var steps: [LoopStep] = []
        for index in indices where !children[index].process.isRunning {
            let child = children[index]
            guard let step = child.end, child.process.terminationReason == .uncaughtSignal else {
                throw SettingError(
                    description:
                        "\(child.arguments.joined(separator: " ")) ended by itself with status "
                        + "\(child.process.terminationStatus); see \(child.logFile)")
            }
            steps.append(step)
            try restart(index, toDieAt: nil, count: 0)
        }
        return steps
    }

    /// Those that are to die at a step.
    var doomed: Set<Int> { Set(children.indices.filter { children[$0].end != nil }) }

    /// Kills the `index`-th that was started as `kill -9` does, and starts it again.
    /// - Parameter step: where the new one is to die, the `count`-th time that it gets there.
    /// - Returns: whether it was running.
    func replace(_ index: Int, toDieAt step: LoopStep?, count: Int64) throws -> Bool {
        let child = children[index]
        guard child.process.isRunning else { return false }
        kill(child.process.processIdentifier, SIGKILL)
        child.process.waitUntilExit()
        try restart(index, toDieAt: step, count: count)
        return true
    }

    private func restart(_ index: Int, toDieAt step: LoopStep?, count: Int64) throws {
        let child = children[index]
        let death = step.map { ["--die-at", "\($0.rawValue):\(count)"] } ?? []
        children[index].process = try Self.run(
            child.arguments + death, child.settings, child.logFile)
        children[index].end = step
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
