import Foundation

/// A program as a child process that ends with this one, its output in a file.
public final class ChildProcess: Sendable {
    /// The exit code of a child that was ended by `kill -9`.
    public static let killed = 128 + SIGKILL

    private let process: WatchedProcess

    /// Starts it with `/` as its working directory.
    /// - Parameters:
    ///   - arguments: the executable, as an absolute path, then its arguments.
    ///   - logFile: its output is appended to it; `logFile.pid` holds its process id.
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

    /// Kills it with SIGKILL, and returns when it has ended.
    public func kill() async { await process.stop(signal: "KILL") }

    /// Sends SIGTERM, and returns when it has ended.
    public func stop() async { await process.stop(signal: "TERM") }

    /// Waits for its end.
    /// - Returns: the exit code; 128 + n where signal n ended it.
    public func waitForExit() async -> Int32 { await process.waitForExit() }
}
