import Embedded
import Foundation
import TestStack

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
        try await Self.waitUntilIdle(pid)
        kill(pid, SIGKILL)
        _ = await broker.waitForExit()
        try await Task.sleep(for: duration)
        broker = try await EmbeddedBroker.start(
            folder: folder + "/broker", port: broker.port, storage: storage)
    }

    // Its CPU time stands still for half a second.
    private static func waitUntilIdle(_ pid: Int32) async throws {
        var last = ""
        var since = ContinuousClock.now
        try await eventually("the broker is idle", within: .seconds(30)) {
            let text = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
            let ticks = text.split(separator: " ")[13...14].joined(separator: " ")
            if ticks != last { (last, since) = (ticks, .now) }
            return ContinuousClock.now - since > .milliseconds(500)
        }
    }
}
