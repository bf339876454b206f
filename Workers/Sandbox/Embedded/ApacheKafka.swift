import Foundation

/// A private Apache Kafka in KRaft mode: one node, or three, each broker and controller in one.
public final class ApacheKafka: SandboxBroker {
    public let brokers: String
    private let distribution: KafkaDistribution
    private let nodes: [KafkaNode]
    private let processes: [WatchedProcess]
    private let isTemporary: Bool
    private let readyWithin: Duration

    public var nodeCount: Int { nodes.count }
    public var pids: [Int32] { processes.filter(\.isRunning).compactMap(\.pid) }
    public var keepsTopics: Bool { !isTemporary }
    public var answersWaitingFetches: Bool { true }

    /// Formats the nodes' storage, unless it is formatted already, starts them, and returns when
    /// every node answers a metadata request with all nodes.
    /// - Parameters:
    ///   - home: the distribution's folder.
    ///   - folder: of the only node; the nodes of several use `folder-1`, `folder-2` ….
    ///   - isTemporary: the nodes' folders are deleted when they end.
    ///   - readyWithin: the limit of the start. A JVM on a busy machine takes its time.
    public static func start(
        home: String, folder: String, nodeCount: Int = 1, isTemporary: Bool = false,
        readyWithin: Duration = .seconds(120)
    ) async throws -> ApacheKafka {
        let distribution = try KafkaDistribution(home: home)
        var attempts = 1
        while true {
            do {
                let nodes = try KafkaNode.make(count: nodeCount, folder: folder)
                return try await start(nodes, distribution, isTemporary, readyWithin)
            } catch let error as EmbeddedError {
                // Another process took a port after it was chosen.
                guard attempts < 3, error.description.contains("Address already in use")
                else { throw error }
                attempts += 1
            }
        }
    }

    private static func start(
        _ nodes: [KafkaNode], _ distribution: KafkaDistribution, _ isTemporary: Bool,
        _ readyWithin: Duration
    ) async throws -> ApacheKafka {
        try await distribution.format(nodes)
        var processes: [WatchedProcess] = []
        do {
            for node in nodes {
                processes.append(try distribution.startServer(node, isTemporary: isTemporary))
            }
            try await waitUntilReady(nodes, processes, within: readyWithin)
        } catch {
            await stop(processes, signal: "KILL")
            throw error
        }
        return ApacheKafka(nodes, processes, distribution, isTemporary, readyWithin)
    }

    private init(
        _ nodes: [KafkaNode], _ processes: [WatchedProcess], _ distribution: KafkaDistribution,
        _ isTemporary: Bool, _ readyWithin: Duration
    ) {
        brokers = nodes.map { "127.0.0.1:\($0.brokerPort)" }.joined(separator: ",")
        self.distribution = distribution
        self.nodes = nodes
        self.processes = processes
        self.isTemporary = isTemporary
        self.readyWithin = readyWithin
    }

    public func stop() async { await Self.stop(processes, signal: "TERM") }

    public func waitForExit() async -> [String] {
        for process in processes { _ = await process.waitForExit() }
        return processes.flatMap { $0.logTail() }
    }

    public func startAgain() async throws -> any SandboxBroker {
        try await Self.start(nodes, distribution, isTemporary, readyWithin)
    }

    private static func stop(_ processes: [WatchedProcess], signal: String) async {
        await withTaskGroup(of: Void.self) { group in
            for process in processes { group.addTask { await process.stop(signal: signal) } }
        }
    }

    private static func waitUntilReady(
        _ nodes: [KafkaNode], _ processes: [WatchedProcess], within limit: Duration
    ) async throws {
        let deadline = ContinuousClock.now + limit
        for (node, process) in zip(nodes, processes) {
            while true {
                let count = await KafkaProbe.brokerCount(port: node.brokerPort)
                for (node, process) in zip(nodes, processes) where !process.isRunning {
                    throw EmbeddedError(
                        "Apache Kafka's node \(node.id) ended while it was starting",
                        logTail: process.logTail())
                }
                if count == nodes.count { break }
                guard ContinuousClock.now < deadline else {
                    let found = count.map { "knows \($0) of \(nodes.count) nodes" }
                    throw EmbeddedError(
                        "Apache Kafka isn't ready after \(limit): node \(node.id) on port "
                            + "\(node.brokerPort) \(found ?? "doesn't answer")",
                        logTail: process.logTail())
                }
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }
}
