import Foundation
import TestWaiting

/// `tally` as a child process, as an operator runs it. A shell that waits on a pipe kills it where
/// the tests themselves are killed.
public final class TallyProcess: Sendable {
    /// How a command ended.
    public struct Ending: Sendable {
        /// 128 + n where signal n ended it, as a shell has it.
        public let status: Int32
        public let output: String
        public let errors: String
    }

    private let process: Process
    private let watchdog: Process
    private let files: String

    /// Starts it.
    /// - Parameters:
    ///   - settings: `TALLY_` variables; of the tests' own, only the broker's are passed on.
    ///   - folder: takes its standard output and error.
    ///   - name: begins the names of those files; else the first argument.
    ///   - program: another program than `tally`.
    public init(
        _ arguments: [String], settings: [String: String] = [:], folder: String,
        name: String? = nil, program: String? = nil
    ) throws {
        files = "\(folder)/\(name ?? arguments.first ?? "tally")-\(UUID().uuidString.prefix(8))"
        process = Process()
        process.executableURL = program.map { URL(fileURLWithPath: $0) } ?? Self.executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment
            .filter {
                !$0.key.hasPrefix("TALLY_")
                    || ["TALLY_BROKER_BIN", "TALLY_KAFKA_NODES"].contains($0.key)
            }
            .merging(settings) { _, ours in ours }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.file(files + ".out")
        process.standardError = try Self.file(files + ".err")
        try process.run()
        watchdog = Process()
        watchdog.executableURL = URL(fileURLWithPath: "/bin/sh")
        watchdog.arguments = [
            "-c", "read -r line; kill -s KILL \(process.processIdentifier) 2>/dev/null",
        ]
        watchdog.standardInput = Pipe()
        try watchdog.run()
    }

    /// Its process number.
    public var pid: Int32 { process.processIdentifier }

    deinit {
        if process.isRunning { signal(SIGKILL) }
        if watchdog.isRunning { kill(watchdog.processIdentifier, SIGKILL) }
    }

    /// Runs a command to its end.
    public static func run(
        _ arguments: [String], settings: [String: String] = [:], folder: String,
        within limit: Duration = .seconds(60)
    ) async throws -> Ending {
        try await TallyProcess(arguments, settings: settings, folder: folder).ending(within: limit)
    }

    public var isRunning: Bool { process.isRunning }
    /// Whether it is frozen by SIGSTOP.
    public var isStopped: Bool {
        // Behind the name, which may hold anything: the state.
        let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
        return stat?.split(separator: ")").last?.hasPrefix(" T ") == true
    }
    public var errors: String {
        (try? String(contentsOfFile: files + ".err", encoding: .utf8)) ?? ""
    }
    public var output: String {
        (try? String(contentsOfFile: files + ".out", encoding: .utf8)) ?? ""
    }

    public func signal(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits for its end; it is killed after `limit`.
    public func ending(within limit: Duration) async throws -> Ending {
        do {
            try await eventually("tally ends", within: limit) { !process.isRunning }
        } catch {
            signal(SIGKILL)
            throw DeadlineError(description: "\(error); its log: \(errors.suffix(2_000))")
        }
        if watchdog.isRunning { kill(watchdog.processIdentifier, SIGKILL) }
        let isSignal = process.terminationReason == .uncaughtSignal
        return Ending(
            status: process.terminationStatus + (isSignal ? 128 : 0), output: output,
            errors: errors)
    }

    /// The folder of `tally`, for a `PATH`.
    public static var folder: String { executable.deletingLastPathComponent().path }

    // Built beside the tests' own executable.
    /// The path of `tally`.
    static var executable: URL {
        URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("tally")
    }

    /// The folder that holds `Package.swift`.
    public static var repository: String {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().path
    }

    private static func file(_ path: String) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }
}
