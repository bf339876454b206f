import Foundation
import Logging

/// Tansu, a broker of Kafka's protocol, as a child process that ends with this one. One node, on
/// 127.0.0.1, without passwords: for demonstrations and tests.
public final class EmbeddedBroker: SandboxBroker {
    public let brokers: String
    /// The port it listens on, on 127.0.0.1.
    public let port: UInt16
    private let process: WatchedProcess
    private let folder: String
    private let storage: BrokerStorage
    private let isTemporary: Bool

    public var nodeCount: Int { 1 }
    public var pids: [Int32] { pid.map { [$0] } ?? [] }
    public var keepsTopics: Bool { storage.isDurable }
    public var answersWaitingFetches: Bool { false }

    /// Starts the broker and returns when it answers a request of Kafka's protocol.
    /// - Parameters:
    ///   - folder: holds `log` and `pid`; made if missing.
    ///   - port: `nil` chooses a free one.
    ///   - storage: where it stores its topics.
    ///   - isTemporary: the folder is deleted when the broker ends.
    public static func start(
        folder: String, port wanted: UInt16? = nil, storage: BrokerStorage = .memory,
        isTemporary: Bool = false
    ) async throws -> EmbeddedBroker {
        var attempts = 1
        while true {
            do {
                return try await startOnce(folder, wanted, storage, isTemporary)
            } catch let error as EmbeddedError {
                // Another process took the port after it was chosen.
                guard wanted == nil, attempts < 3, error.description.contains("AddrInUse")
                else { throw error }
                attempts += 1
            }
        }
    }

    private static func startOnce(
        _ folder: String, _ wanted: UInt16?, _ storage: BrokerStorage, _ isTemporary: Bool
    ) async throws -> EmbeddedBroker {
        let binary = try findBinary()
        let folder = URL(fileURLWithPath: folder).standardizedFileURL.path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let log = try ChildLog(path: folder + "/log")
        let port = try wanted ?? LoopbackPort.free()
        let address = "tcp://127.0.0.1:\(port)"
        let process = try WatchedProcess.start(
            WatchedProcess.Command(
                arguments: [
                    binary, "broker", "--listener-url", address,
                    "--advertised-listener-url", address, "--storage-engine", storage.url,
                ],
                environment: storage.environment.merging(
                    ["PATH": "/usr/bin:/bin", "RUST_LOG": "warn", "NO_COLOR": "1"]) { $1 },
                stopSignal: "TERM", pidFile: folder + "/pid",
                folderToRemove: isTemporary ? folder : ""), log: log)
        try await waitUntilReady(process, port)
        return EmbeddedBroker(port, process, folder, storage, isTemporary)
    }

    private init(
        _ port: UInt16, _ process: WatchedProcess, _ folder: String, _ storage: BrokerStorage,
        _ isTemporary: Bool
    ) {
        brokers = "127.0.0.1:\(port)"
        self.port = port
        self.process = process
        self.folder = folder
        self.storage = storage
        self.isTemporary = isTemporary
    }

    /// The broker's process id; `nil` when it has ended.
    public var pid: Int32? { process.isRunning ? process.pid : nil }

    public func stop() async { await process.stop(signal: "TERM") }

    public func waitForExit() async -> [String] {
        _ = await process.waitForExit()
        return process.logTail()
    }

    public func startAgain() async throws -> any SandboxBroker {
        try await Self.start(
            folder: folder, port: port, storage: storage, isTemporary: isTemporary)
    }

    /// `TALLY_BROKER_BIN`, else `.tally-tools/bin/tansu` here or in a folder above, else on `PATH`.
    static func findBinary() throws(EmbeddedError) -> String {
        if let named = ProcessInfo.processInfo.environment["TALLY_BROKER_BIN"], !named.isEmpty {
            guard FileManager.default.isExecutableFile(atPath: named) else {
                throw EmbeddedError("TALLY_BROKER_BIN names \(named), which can't be executed")
            }
            return named
        }
        var folder = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        var candidates: [String] = []
        while folder.path != "/" {
            candidates.append(folder.appendingPathComponent(".tally-tools/bin").path)
            folder.deleteLastPathComponent()
        }
        guard let binary = findExecutable("tansu", in: candidates + searchPath()) else {
            throw EmbeddedError(
                "the embedded broker (tansu) isn't installed: run scripts/setup, or name it in "
                    + "TALLY_BROKER_BIN, or use a Kafka of your own through TALLY_KAFKA_BROKERS")
        }
        return binary
    }

    private static func waitUntilReady(_ process: WatchedProcess, _ port: UInt16) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let answers = await KafkaProbe.answers(port: port)
            guard process.isRunning else {
                throw EmbeddedError(
                    "the broker ended while it was starting", logTail: process.logTail())
            }
            if answers { return }
            guard ContinuousClock.now < deadline else {
                await process.stop(signal: "KILL")
                throw EmbeddedError(
                    "the broker doesn't answer on port \(port)", logTail: process.logTail())
            }
            try await Task.sleep(for: .milliseconds(30))
        }
    }
}
