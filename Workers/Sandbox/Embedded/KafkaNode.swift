import Foundation

/// One node of a KRaft cluster, broker and controller in one: its ports and its folder.
struct KafkaNode: Sendable, Equatable {
    /// `node.id`, from 1.
    let id: Int
    /// Holds `server.properties`, `data/`, `logs/`, `log` and `pid`.
    let folder: String
    let brokerPort: UInt16
    let controllerPort: UInt16

    var dataFolder: String { folder + "/data" }
    var propertiesFile: String { folder + "/server.properties" }

    /// Nodes on free ports of 127.0.0.1.
    static func make(count: Int, folder: String) throws(EmbeddedError) -> [KafkaNode] {
        let folder = URL(fileURLWithPath: folder).standardizedFileURL.path
        // Kafka's start scripts don't quote the folder, and its settings split it at commas.
        guard !folder.contains(where: { $0.isWhitespace || $0 == "," || $0 == "\\" }) else {
            throw EmbeddedError(
                "Apache Kafka can't keep its data in \(folder): choose a folder (--data) without "
                    + "spaces, commas and backslashes")
        }
        let ports = try LoopbackPort.free(count: 2 * count)
        return (0..<count).map { index in
            KafkaNode(
                id: index + 1, folder: count == 1 ? folder : "\(folder)-\(index + 1)",
                brokerPort: ports[2 * index], controllerPort: ports[2 * index + 1])
        }
    }

    /// The node's `server.properties` (Kafka 3.9 and 4.x): a quorum of fixed voters, topics that
    /// are created by request only, as many replicas as nodes for the internal topics, and groups
    /// that form at once.
    func properties(in nodes: [KafkaNode]) -> [String: String] {
        let replicas = String(nodes.count)
        let inSync = String(nodes.count > 1 ? 2 : 1)
        return [
            "process.roles": "broker,controller",
            "node.id": String(id),
            "controller.quorum.voters":
                nodes.map { "\($0.id)@127.0.0.1:\($0.controllerPort)" }.joined(separator: ","),
            "listeners":
                "PLAINTEXT://127.0.0.1:\(brokerPort),CONTROLLER://127.0.0.1:\(controllerPort)",
            "advertised.listeners": "PLAINTEXT://127.0.0.1:\(brokerPort)",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name": "PLAINTEXT",
            "controller.listener.names": "CONTROLLER",
            "log.dirs": dataFolder,
            "auto.create.topics.enable": "false",
            "offsets.topic.replication.factor": replicas,
            "offsets.topic.num.partitions": "8",
            "transaction.state.log.replication.factor": replicas,
            "transaction.state.log.min.isr": inSync,
            "transaction.state.log.num.partitions": "8",
            "group.initial.rebalance.delay.ms": "0",
        ]
    }

    /// Writes `server.properties`.
    func writeProperties(in nodes: [KafkaNode]) throws(EmbeddedError) {
        let lines = properties(in: nodes).sorted { $0.key < $1.key }
            .map { "\($0.key)=\(Self.escaped($0.value))\n" }
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true)
            try lines.joined().write(toFile: propertiesFile, atomically: true, encoding: .utf8)
        } catch {
            throw EmbeddedError("can't write \(propertiesFile): \(error)")
        }
    }

    // Java reads a properties file as ISO 8859-1.
    private static func escaped(_ value: String) -> String {
        value.utf16.map { unit in
            guard unit > 126 else { return String(UnicodeScalar(UInt8(unit))) }
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }
}
