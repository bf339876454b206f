import Embedded
import Foundation
import TestStack
import TestWaiting

/// The broker of a fault run. Where it must keep its topics when it is killed, the embedded broker
/// stores them on an S3 server (PyPI's moto); Apache Kafka does by itself.
actor FaultBroker {
    private let server: S3Server?
    private var broker: any SandboxBroker

    var brokers: String { broker.brokers }
    var nodeCount: Int { broker.nodeCount }

    static func start(folder: String, keeps: Bool) async throws -> FaultBroker {
        let kind = try SandboxBrokerKind.selected()
        guard kind == .embedded else {
            return FaultBroker(
                server: nil, broker: try await kind.start(folder: folder + "/broker"))
        }
        let server = keeps ? try await S3Server.start(folder: folder) : nil
        return FaultBroker(
            server: server,
            broker: try await EmbeddedBroker.start(
                folder: folder + "/broker", storage: server?.storage ?? .memory))
    }

    private init(server: S3Server?, broker: any SandboxBroker) {
        self.server = server
        self.broker = broker
    }

    func stop() async {
        await broker.stop()
        await server?.stop()
    }

    /// Stops it from answering; its connections stay open.
    func freeze(for duration: Duration) async throws {
        let pids = try running()
        try Self.signal(pids, SIGSTOP)
        try? await Task.sleep(for: duration)
        try Self.signal(pids, SIGCONT)
    }

    /// Kills every node and starts it again after `duration`: the embedded broker once it has
    /// processed its requests, Apache Kafka at once.
    func crash(downFor duration: Duration) async throws {
        let pids = try running()
        if let server { try await Self.waitUntilIdle(pids + [server.pid]) }
        try Self.signal(pids, SIGKILL)
        _ = await broker.waitForExit()
        try await Task.sleep(for: duration)
        broker = try await broker.startAgain()
    }

    private static func signal(_ pids: [Int32], _ signal: Int32) throws {
        for pid in pids where kill(pid, signal) != 0 {
            throw DeadlineError(description: "the broker's process \(pid) isn't there")
        }
    }

    private func running() throws -> [Int32] {
        let pids = broker.pids
        guard pids.count == broker.nodeCount else {
            throw DeadlineError(description: "the broker isn't running")
        }
        return pids
    }

    // For half a second every thread sleeps and uses no CPU time. The storage's server's
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
