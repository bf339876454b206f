import Foundation
import Logging

/// A private broker that speaks Kafka's protocol (Tansu), as a child process that ends with this
/// one. One node, on 127.0.0.1, without passwords: for demonstrations and tests.
public final class EmbeddedBroker: Sendable {
    /// Where it listens: `127.0.0.1:port`, for `bootstrap.servers`.
    public let brokers: String
    /// Where it listens, on 127.0.0.1.
    public let port: UInt16
    private let process: WatchedProcess

    /// Starts the broker and returns when it answers a request of Kafka's protocol.
    /// - Parameters:
    ///   - folder: holds `log` and `pid`; made if missing.
    ///   - port: `nil` takes a free one.
    ///   - storage: where it keeps its topics.
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
                // A port that another process took in between is no reason to give up.
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
        return EmbeddedBroker(port: port, process: process)
    }

    private init(port: UInt16, process: WatchedProcess) {
        brokers = "127.0.0.1:\(port)"
        self.port = port
        self.process = process
    }

    /// The broker's process id; `nil` when it has ended.
    public var pid: Int32? { process.isRunning ? process.pid : nil }

    /// Stops the broker and returns when it has ended. Idempotent.
    public func stop() async { await process.stop(signal: "TERM") }

    /// Returns when the broker has ended, by whatever cause, with the last lines of its log.
    public func waitForExit() async -> [String] {
        _ = await process.waitForExit()
        return process.logTail()
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
            // The question blocks for up to a second: not on the shared pool.
            let answers = await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    continuation.resume(
                        returning: LoopbackPort.ask(port, apiVersionsRequest) != nil)
                }
            }
            guard process.isRunning else {
                throw EmbeddedError("the broker ended at once", logTail: process.logTail())
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

    /// ApiVersions, version 0: length 10, api key 18, version 0, correlation id 1, no client id.
    private static let apiVersionsRequest: [UInt8] =
        [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 0xFF, 0xFF]
}
