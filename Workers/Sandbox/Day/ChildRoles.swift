import Composition
import Embedded
import Foundation
import WorkerRuntime

/// Roles as processes of their own, started, killed and stopped by `tally demo --processes`; they
/// end with it.
actor ChildRoles {
    private struct Child {
        let arguments: [String]
        let settings: [String: String]
        let logFile: String
        var process: ChildProcess
        // The step at which it is to die.
        var end: CrashPoint?
    }

    private var children: [Child] = []

    /// Starts `tally` with arguments and settings; its log goes to `logFile`.
    @discardableResult
    func start(
        _ arguments: [String], settings: [String: String], logFile: String
    ) throws -> ChildProcess {
        let process = try Self.run(arguments, settings, logFile)
        children.append(
            Child(
                arguments: arguments, settings: settings, logFile: logFile, process: process))
        return process
    }

    /// Starts those again that have died at the step where they were to; returns the steps.
    /// - Throws: `SettingError` where one has ended by itself, which no role does.
    func revive(_ indices: [Int]) async throws -> [CrashPoint] {
        var steps: [CrashPoint] = []
        for index in indices where !children[index].process.isRunning {
            let child = children[index]
            let status = await child.process.waitForExit()
            guard let step = child.end, status == ChildProcess.killed else {
                throw Self.endedByItself(child, status)
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
    func replace(_ index: Int, toDieAt step: CrashPoint?, count: Int64) async throws -> Bool {
        let child = children[index]
        guard child.process.isRunning else { return false }
        await child.process.kill()
        let status = await child.process.waitForExit()
        guard status == ChildProcess.killed else { throw Self.endedByItself(child, status) }
        try restart(index, toDieAt: step, count: count)
        return true
    }

    private func restart(_ index: Int, toDieAt step: CrashPoint?, count: Int64) throws {
        let child = children[index]
        let death = step.map { ["--crash-at", "\($0.rawValue):\(count)"] } ?? []
        children[index].process = try Self.run(
            child.arguments + death, child.settings, child.logFile)
        children[index].end = step
    }

    /// Asks each to stop gracefully and waits for it.
    func stop() async {
        await withTaskGroup(of: Void.self) { group in
            for child in children { group.addTask { await child.process.stop() } }
        }
    }

    private static func endedByItself(_ child: Child, _ status: Int32) -> SettingError {
        SettingError(
            description: "\(child.arguments.joined(separator: " ")) ended by itself with "
                + "status \(status); see \(child.logFile)")
    }

    private static func run(
        _ arguments: [String], _ settings: [String: String], _ logFile: String
    ) throws -> ChildProcess {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
        let environment = ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix("TALLY_") }
            .merging(settings) { _, ours in ours }
        return try ChildProcess(
            [program] + arguments, environment: environment, logFile: logFile)
    }
}
