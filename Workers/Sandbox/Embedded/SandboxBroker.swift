import Foundation

/// A private broker of the sandbox, on 127.0.0.1 and without passwords: child processes that end
/// with this one.
public protocol SandboxBroker: Sendable {
    /// `host:port` of every node, separated by commas, for `bootstrap.servers`.
    var brokers: String { get }
    /// How many nodes it has, and so how many replicas a topic can have.
    var nodeCount: Int { get }
    /// The process ids of its running nodes.
    var pids: [Int32] { get }
    /// Whether topics outlive ``stop()`` and a kill, and are there after ``startAgain()``.
    var keepsTopics: Bool { get }
    /// Whether a waiting fetch is answered as soon as a record comes, as Kafka does. Otherwise it
    /// is answered when its `fetch.wait.max.ms` is over, so clients need a short one.
    var answersWaitingFetches: Bool { get }

    /// Stops every node and returns when they have ended. Idempotent.
    func stop() async

    /// Returns when every node has ended, for whatever reason, with the last lines of the logs.
    func waitForExit() async -> [String]

    /// Starts it again after its end, on the same ports and with the same storage.
    func startAgain() async throws -> any SandboxBroker
}

extension SandboxBroker {
    /// The client options that this broker needs, as `TALLY_KAFKA_…` settings.
    /// - Parameter fetchWaitMilliseconds: the wait of a fetch, where the broker needs a short one.
    public func clientSettings(fetchWaitMilliseconds: Int) -> [String: String] {
        guard !answersWaitingFetches else { return [:] }
        return ["TALLY_KAFKA_FETCH_WAIT_MAX_MS": String(fetchWaitMilliseconds)]
    }
}

/// Which broker the sandbox runs on.
public enum SandboxBrokerKind: Sendable, Equatable {
    /// ``EmbeddedBroker``.
    case embedded
    /// ``ApacheKafka``, from the distribution in the folder `home`.
    case apacheKafka(home: String, nodeCount: Int)

    /// The kind that this process's environment selects.
    public static func selected() throws(EmbeddedError) -> SandboxBrokerKind {
        try selected(by: ProcessInfo.processInfo.environment)
    }

    /// The kind that an environment selects: `KAFKA_HOME` a distribution of Apache Kafka, with
    /// `TALLY_KAFKA_NODES` (1 or 3) nodes; without it the embedded broker.
    static func selected(
        by environment: [String: String]
    ) throws(EmbeddedError) -> SandboxBrokerKind {
        let nodes = environment["TALLY_KAFKA_NODES"] ?? ""
        guard let home = environment["KAFKA_HOME"], !home.isEmpty else {
            guard ["", "1"].contains(nodes) else {
                throw EmbeddedError(
                    "TALLY_KAFKA_NODES=\(nodes) needs Apache Kafka, the embedded broker has one "
                        + "node: set KAFKA_HOME to the folder of a distribution")
            }
            return .embedded
        }
        guard let count = ["": 1, "1": 1, "3": 3][nodes] else {
            throw EmbeddedError("TALLY_KAFKA_NODES is \(nodes); it can be 1 or 3")
        }
        return .apacheKafka(home: home, nodeCount: count)
    }

    /// Starts the broker and returns when it is ready.
    /// - Parameters:
    ///   - folder: holds its logs, process ids and data; made if missing.
    ///   - isTemporary: the folder is deleted when the broker ends.
    public func start(
        folder: String, isTemporary: Bool = false
    ) async throws -> any SandboxBroker {
        switch self {
        case .embedded:
            try await EmbeddedBroker.start(folder: folder, isTemporary: isTemporary)
        case .apacheKafka(let home, let nodeCount):
            try await ApacheKafka.start(
                home: home, folder: folder, nodeCount: nodeCount, isTemporary: isTemporary)
        }
    }
}
