import Foundation

/// An unpacked distribution of Apache Kafka (3.9 or 4.x) and its command line.
struct KafkaDistribution: Sendable {
    private let storageTool: String
    private let serverScript: String
    private let environment: [String: String]

    /// How long `kafka-storage.sh` may take.
    private static let toolLimit = Duration.seconds(60)

    /// - Parameter environment: `JAVA_HOME`, `KAFKA_HEAP_OPTS` and the like are passed on.
    init(
        home: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(EmbeddedError) {
        let home = URL(fileURLWithPath: home).standardizedFileURL.path
        storageTool = home + "/bin/kafka-storage.sh"
        serverScript = home + "/bin/kafka-server-start.sh"
        for script in [storageTool, serverScript]
        where !FileManager.default.isExecutableFile(atPath: script) {
            throw EmbeddedError(
                "KAFKA_HOME is \(home), but \(script) can't be executed: set KAFKA_HOME to the "
                    + "folder of an unpacked Apache Kafka")
        }
        let passedOn = [
            "PATH", "HOME", "LANG", "JAVA_HOME", "KAFKA_HEAP_OPTS", "KAFKA_OPTS",
            "KAFKA_JVM_PERFORMANCE_OPTS", "KAFKA_LOG4J_OPTS",
        ]
        // Small, so that a stack with three nodes fits a laptop.
        self.environment = ["KAFKA_HEAP_OPTS": "-Xms128m -Xmx512m", "PATH": "/usr/bin:/bin"]
            .merging(environment.filter { passedOn.contains($0.key) }) { $1 }
    }

    /// Writes the nodes' properties, and formats the storage of those that have none yet.
    func format(_ nodes: [KafkaNode]) async throws {
        for node in nodes { try node.writeProperties(in: nodes) }
        let unformatted = nodes.filter {
            !FileManager.default.fileExists(atPath: $0.dataFolder + "/meta.properties")
        }
        guard !unformatted.isEmpty else { return }
        let clusterID = try await clusterID(of: nodes)
        for node in unformatted {
            _ = try await run(
                ["format", "-t", clusterID, "-c", node.propertiesFile], for: node, log: "format.log"
            )
        }
    }

    /// Starts a node; its output goes to `log` in its folder.
    func startServer(_ node: KafkaNode, isTemporary: Bool) throws(EmbeddedError) -> WatchedProcess {
        try WatchedProcess.start(
            WatchedProcess.Command(
                arguments: [serverScript, node.propertiesFile],
                environment: environment(of: node), stopSignal: "TERM",
                pidFile: node.folder + "/pid", folderToRemove: isTemporary ? node.folder : "",
                // A node that has lost the quorum would wait for it until it is killed.
                graceSeconds: 10),
            log: ChildLog(path: node.folder + "/log"))
    }

    // Kept in a file, so that a start that was interrupted formats the other nodes with the same.
    private func clusterID(of nodes: [KafkaNode]) async throws -> String {
        let first = nodes[0]
        let file = first.folder + "/cluster.id"
        if let known = try? String(contentsOfFile: file, encoding: .utf8), !known.isEmpty {
            return known
        }
        let output = try await run(["random-uuid"], for: first, log: "cluster-id.log")
        // Java may print warnings as well.
        guard let id = output.last(where: Self.isClusterID) else {
            throw EmbeddedError("\(storageTool) random-uuid printed no id", logTail: output)
        }
        try id.write(toFile: file, atomically: true, encoding: .utf8)
        return id
    }

    // 16 bytes as base64url without padding.
    private static func isClusterID(_ line: String) -> Bool {
        line.utf8.count == 22
            && line.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    /// Runs `kafka-storage.sh`; returns the last lines of its output.
    private func run(
        _ arguments: [String], for node: KafkaNode, log: String
    ) async throws -> [String] {
        let logFile = "\(node.folder)/\(log)"
        let process = try WatchedProcess.start(
            WatchedProcess.Command(
                arguments: [storageTool] + arguments, environment: environment(of: node),
                stopSignal: "TERM", pidFile: logFile + ".pid"), log: ChildLog(path: logFile))
        let timer = Task {
            try await Task.sleep(for: Self.toolLimit)
            await process.stop(signal: "KILL")
        }
        let code = await process.waitForExit()
        timer.cancel()
        try? FileManager.default.removeItem(atPath: logFile + ".pid")
        guard code == 0 else {
            let command = ([storageTool] + arguments).joined(separator: " ")
            throw EmbeddedError("\(command) failed with \(code)", logTail: process.logTail())
        }
        return process.logTail()
    }

    private func environment(of node: KafkaNode) -> [String: String] {
        // Else the scripts write their logs into the distribution.
        environment.merging(["LOG_DIR": node.folder + "/logs"]) { $1 }
    }
}
