import Foundation

/// A program as a child process that ends with this one, its output in a file.
public final class ChildProcess: Sendable {
    /// The exit code of a child that `kill -9` ended.
    public static let killed = 128 + SIGKILL

    private let process: WatchedProcess

    /// Starts it, in the root folder.
    /// - Parameters:
    ///   - arguments: the executable, as an absolute path, then its arguments.
    ///   - logFile: its output is added there; beside it, its process id is kept.
    public init(
        _ arguments: [String], environment: [String: String], logFile: String
    ) throws(EmbeddedError) {
        process = try WatchedProcess.start(
            WatchedProcess.Command(
                arguments: arguments, environment: environment, stopSignal: "TERM",
                pidFile: logFile + ".pid"), log: ChildLog(path: logFile))
    }

    /// Whether it hasn't ended.
    public var isRunning: Bool { process.isRunning }

    /// Ends it as `kill -9` does, and returns when it has ended.
    public func kill() async { await process.stop(signal: "KILL") }

    /// Asks it to stop, and returns when it has ended.
    public func stop() async { await process.stop(signal: "TERM") }

    /// Waits for its end.
    /// - Returns: the exit code; 128 + n where signal n ended it.
    public func waitForExit() async -> Int32 { await process.waitForExit() }
}
