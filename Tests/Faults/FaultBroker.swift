import Embedded
import Foundation
import TestStack
import TestWaiting

/// The broker of a fault run: in memory, or over an S3 server (PyPI's moto) that outlives it, so
/// that it can be killed and keep its topics.
actor FaultBroker {
    private let folder: String
    private let storage: BrokerStorage
    private let server: S3Server?
    private var broker: EmbeddedBroker

    var brokers: String { broker.brokers }

    static func start(folder: String, keeps: Bool) async throws -> FaultBroker {
        let server = keeps ? try await S3Server.start(folder: folder) : nil
        let storage = server?.storage ?? .memory
        return FaultBroker(
            folder: folder, storage: storage, server: server,
            broker: try await EmbeddedBroker.start(folder: folder + "/broker", storage: storage))
    }

    private init(
        folder: String, storage: BrokerStorage, server: S3Server?, broker: EmbeddedBroker
    ) {
        self.folder = folder
        self.storage = storage
        self.server = server
        self.broker = broker
    }

    func stop() async {
        await broker.stop()
        await server?.stop()
    }

    /// Stops it from answering; its connections stay open.
    func freeze(for duration: Duration) async throws {
        guard let pid = broker.pid else { throw DeadlineError(description: "the broker is gone") }
        kill(pid, SIGSTOP)
        try? await Task.sleep(for: duration)
        kill(pid, SIGCONT)
    }

    /// Kills it once it has dealt with what it was sent.
    func crash(downFor duration: Duration) async throws {
        guard let pid = broker.pid else { throw DeadlineError(description: "the broker is gone") }
        try await Self.waitUntilIdle([pid] + (server.map { [$0.pid] } ?? []))
        kill(pid, SIGKILL)
        _ = await broker.waitForExit()
        try await Task.sleep(for: duration)
        broker = try await EmbeddedBroker.start(
            folder: folder + "/broker", port: broker.port, storage: storage)
    }

    // For half a second every thread sleeps and their CPU time stands still. The storage's server's
    // too: a broker that waits for its answer is idle, and in the middle of a write.
    private static func waitUntilIdle(_ pids: [Int32]) async throws {
        var last: [String] = []
        var since = ContinuousClock.now
        try await eventually("the broker is idle", within: .seconds(60)) {
            let threads = try pids.flatMap(threads)
            if threads.map(\.ticks) != last || !threads.allSatisfy(\.isAsleep) {
                (last, since) = (threads.map(\.ticks), .now)
            }
            return ContinuousClock.now - since > .milliseconds(500)
        }
    }

    private static func threads(of pid: Int32) throws -> [(isAsleep: Bool, ticks: String)] {
        let folder = "/proc/\(pid)/task"
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { thread in
            // It may have ended since. Behind the name, which may hold anything: the state, and the
            // times eleven on.
            let text = try? String(contentsOfFile: "\(folder)/\(thread)/stat", encoding: .utf8)
            let fields = text?.split(separator: ")").last?.split(separator: " ") ?? []
            guard fields.count > 12 else { return (false, "") }
            return (fields[0] == "S", thread + ":" + fields[11...12].joined(separator: "+"))
        }
    }
}
