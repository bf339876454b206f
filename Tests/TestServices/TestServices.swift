public import Embedded
import Foundation
import Logging
import Postgres

/// One PostgreSQL and one broker (the embedded one, or Apache Kafka where `KAFKA_HOME` is set) for
/// all the tests of a process: started at first use, ended with the process, their folder deleted.
public actor TestServices {
    /// The process's only one.
    public static let shared = TestServices()

    private var folder: String?
    private var postgres: Task<EmbeddedPostgres, any Error>?
    private var broker: Task<any SandboxBroker, any Error>?
    private var admin: Task<PostgresConnection, any Error>?
    private var templates: [String: Task<String, any Error>] = [:]
    private var names = 0

    private init() {}

    /// The URL of a new, empty database of the caller's own.
    public func freshDatabase() async throws -> String {
        try await createDatabase(from: "template0")
    }

    /// The URL of a new copy of the database that `build` fills: it runs once a process for each
    /// `template` name, on an empty database, and must have closed its connections when it returns.
    public func freshDatabase(
        like template: String, build: @escaping @Sendable (_ url: String) async throws -> Void
    ) async throws -> String {
        let source: Task<String, any Error>
        if let known = templates[template] {
            source = known
        } else {
            source = Task {
                let url = try await self.createDatabase(from: "template0")
                try await build(url)
                guard let name = url.split(separator: "/").last else { return "" }
                return String(name)
            }
            templates[template] = source
        }
        return try await createDatabase(from: source.value)
    }

    /// The broker's address, for `bootstrap.servers`.
    public func brokers() async throws -> String {
        if let broker { return try await broker.value.brokers }
        let folder = try sharedFolder() + "/broker"
        let task = Task {
            try await SandboxBrokerKind.selected().start(folder: folder, isTemporary: true)
        }
        broker = task
        return try await task.value.brokers
    }

    /// A broker beside the shared one, for tests whose topics have fixed names; ended with the
    /// process.
    /// - Parameter name: of its folder; used once a process.
    public func ownBroker(_ name: String) async throws -> any SandboxBroker {
        try await SandboxBrokerKind.selected().start(
            folder: try sharedFolder() + "/broker-" + name, isTemporary: true)
    }

    /// The server on which `freshDatabase` creates databases.
    public func server() async throws -> EmbeddedPostgres {
        if let postgres { return try await postgres.value }
        let folder = try sharedFolder() + "/postgres"
        let task = Task {
            // Without fsync only a power failure loses data, and that ends the test as well.
            try await EmbeddedPostgres.start(
                dataFolder: folder, settings: ["fsync": "off", "shared_buffers": "128MB"],
                isTemporary: true)
        }
        postgres = task
        return try await task.value
    }

    /// A name that is unique on the shared servers: for topics and groups.
    public func uniqueName(_ prefix: String) -> String {
        names += 1
        return "\(prefix)-\(ProcessInfo.processInfo.processIdentifier)-\(names)"
    }

    private func createDatabase(from template: String) async throws -> String {
        let server = try await server()
        let connection = try await adminConnection(server.url)
        names += 1
        let name = "t_\(names)"
        try await connection.execute("create database \(name) template \(template)")
        guard let slash = server.url.lastIndex(of: "/") else { return server.url }
        return server.url[...slash] + name
    }

    private func adminConnection(_ url: String) async throws -> PostgresConnection {
        if let admin { return try await admin.value }
        let task = Task {
            try await PostgresConnection.connect(
                url, applicationName: "test-services", logger: Logger(label: "test-services"))
        }
        admin = task
        return try await task.value
    }

    private func sharedFolder() throws -> String {
        if let folder { return folder }
        let new = FileManager.default.temporaryDirectory
            .appendingPathComponent("tally-tests-\(UUID().uuidString.prefix(8))").path
        try FileManager.default.createDirectory(atPath: new, withIntermediateDirectories: true)
        folder = new
        return new
    }
}
