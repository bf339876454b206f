import Composition
import Embedded
import Foundation
import WorkerRuntime

/// Roles as child processes, started, killed and stopped by `tally demo --processes`; they end with
/// it.
actor ChildRoles {
    private struct Child {
        let arguments: [String]
        let settings: [String: String]
        let logFile: String
        var process: ChildProcess
        // The step at which it is set to crash.
        var crashPoint: CrashPoint?
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

    /// Restarts those that have crashed at their planned step; returns the steps.
    /// - Throws: `SettingError` where one has exited by itself, which no role does.
    func restartCrashed(_ indices: [Int]) async throws -> [CrashPoint] {
        var steps: [CrashPoint] = []
        for index in indices where !children[index].process.isRunning {
            let child = children[index]
            let status = await child.process.waitForExit()
            guard let step = child.crashPoint, status == ChildProcess.killed else {
                throw Self.exitedByItself(child, status)
            }
            steps.append(step)
            try restart(index, crashAt: nil, count: 0)
        }
        return steps
    }

    /// Those that are set to crash at a step, by index.
    var withCrashPlan: Set<Int> {
        Set(children.indices.filter { children[$0].crashPoint != nil })
    }

    /// Kills the `index`-th child with SIGKILL and restarts it.
    /// - Parameter step: where the new one crashes, when it is reached for the `count`-th time.
    /// - Returns: whether it was running.
    func replace(_ index: Int, crashAt step: CrashPoint?, count: Int64) async throws -> Bool {
        let child = children[index]
        guard child.process.isRunning else { return false }
        await child.process.kill()
        let status = await child.process.waitForExit()
        guard status == ChildProcess.killed else { throw Self.exitedByItself(child, status) }
        try restart(index, crashAt: step, count: count)
        return true
    }

    private func restart(_ index: Int, crashAt step: CrashPoint?, count: Int64) throws {
        let child = children[index]
        let plan = step.map { ["--crash-at", "\($0.rawValue):\(count)"] } ?? []
        children[index].process = try Self.run(
            child.arguments + plan, child.settings, child.logFile)
        children[index].crashPoint = step
    }

    /// Sends SIGTERM to each and waits for it to exit.
    func stop() async {
        await withTaskGroup(of: Void.self) { group in
            for child in children { group.addTask { await child.process.stop() } }
        }
    }

    private static func exitedByItself(_ child: Child, _ status: Int32) -> SettingError {
        SettingError(
            description: "\(child.arguments.joined(separator: " ")) exited by itself with "
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
