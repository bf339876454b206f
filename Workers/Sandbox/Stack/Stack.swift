package import Composition
import Embedded
import Foundation
import Kafka
package import Logging
import Payments
import Postgres
package import Simulator
import Store
import TopicCatalog
import WorkerRuntime

/// The stack of `tally up` and `tally demo`: a private PostgreSQL, a private broker (the embedded
/// one or Apache Kafka), the schema, the topics, and a sample business in a data folder.
package struct Stack: Sendable {
    /// The data folder, absolute.
    package let folder: String
    let postgres: EmbeddedPostgres
    let broker: any SandboxBroker
    package let ports: StackPorts
    /// The simulator's own settings, its URLs among them.
    package let simulator: SimulatorConfig
    package let parties: SampleParties
    let keys: SampleKeys
    let masterKey: String
    /// Who may sign in at its console.
    package let users: SampleUsers

    /// Starts PostgreSQL and the broker, and creates what the folder doesn't have yet.
    package static func start(folder: String, seed: UInt64, logger: Logger) async throws -> Stack {
        try KafkaLibrary.check()
        let kind = try SandboxBrokerKind.selected()
        let folder = URL(fileURLWithPath: folder).standardizedFileURL.path
        try FileManager.default.createDirectory(
            atPath: folder + "/simulator", withIntermediateDirectories: true)
        async let startedPostgres = EmbeddedPostgres.start(
            dataFolder: folder + "/postgres", logger: logger)
        async let startedBroker = kind.start(folder: folder + "/broker")
        let (postgres, broker) = try await (startedPostgres, startedBroker)
        let ports = try StackPorts.free()
        let config = SimulatorConfig(
            port: ports.simulator, gatewayURL: "http://127.0.0.1:\(ports.gateway)",
            folder: folder + "/simulator", seed: seed, brokers: broker.brokers)
        let keys = try await SampleKeys.ensure(folder: config.folder)
        let parties = try sampleParties(config)
        let masterKey = try StackFiles.masterKey(in: folder)
        let users = try await prepare(
            postgres, broker,
            SampleBusiness(parties: parties, keys: keys, receivers: config.baseURL),
            sealer: try Sealer(masterKey: masterKey), usersFile: folder + "/logins.json",
            logger: logger)
        return Stack(
            folder: folder, postgres: postgres, broker: broker, ports: ports, simulator: config,
            parties: parties, keys: keys, masterKey: masterKey, users: users)
    }

    private static func sampleParties(_ config: SimulatorConfig) throws -> SampleParties {
        if let known = try? SampleParties.read(config.partiesFile) { return known }
        let made = SampleParties.make(seed: config.seed, channelRatePPM: config.channelRatePPM)
        try made.write(config.partiesFile)
        return made
    }

    /// The schema, the sample business, its users and the topics.
    private static func prepare(
        _ postgres: EmbeddedPostgres, _ broker: any SandboxBroker, _ business: SampleBusiness,
        sealer: Sealer, usersFile: String, logger: Logger
    ) async throws -> SampleUsers {
        let connection = try await PostgresConnection.connect(
            postgres.url, applicationName: "tally-stack", logger: logger)
        try await Migrator().migrate(connection)
        try await business.write(to: connection, sealer: sealer)
        let parties = business.parties
        let users = try await SampleUsers.ensure(
            file: usersFile, agentNo: parties.agents.first?.partyNo,
            merchantNo: parties.merchants.first { !$0.ordersThroughAgents }?.partyNo,
            connection: connection, sealer: sealer)
        await connection.close()
        try await TopicApplier(
            TopicCatalog.load(),
            on: KafkaTopicCluster(KafkaAdmin(settings: KafkaSettings(brokers: broker.brokers))),
            production: broker.nodeCount >= 3
        ).apply()
        return users
    }

    // On the embedded broker librdkafka's usual fetch wait would add half a second to the time from
    // an order to its pay URL.
    private static let fetchWaitMilliseconds = 50

    /// The settings of every role, as the environment would give them.
    /// - Parameter answerWait: how long the gateway lets a request wait for its answer; `nil` for
    ///   the environment's `TALLY_ANSWER_WAIT_MS`, or three seconds.
    package func settings(role: Role?, answerWait: Duration? = nil) -> [String: String] {
        [
            "TALLY_DATABASE_URL": postgres.url,
            "TALLY_KAFKA_BROKERS": broker.brokers,
            "TALLY_MASTER_KEY": masterKey,
            "TALLY_HTTP_PORT": String(role.map { ports.port(of: $0) } ?? ports.simulator),
            "TALLY_ALIPAY_GATEWAY_URL": simulator.alipayGatewayURL,
            "TALLY_ALIPAY_APP_ID": simulator.identity.appID,
            "TALLY_ALIPAY_SELLER_ID": simulator.identity.sellerID,
            "TALLY_ALIPAY_APP_PRIVATE_KEY_FILE": keys.path(of: .appPrivate),
            "TALLY_ALIPAY_PUBLIC_KEY_FILE": keys.path(of: .alipayPublic),
            "TALLY_ALIPAY_NOTIFY_URL": simulator.gatewayURL + "/v1/channels/alipay/notify",
            "TALLY_BANK_URL": simulator.bankURL,
            "TALLY_ANSWER_WAIT_MS": answerWait.map { String(Int($0 / .milliseconds(1))) }
                ?? ProcessInfo.processInfo.environment["TALLY_ANSWER_WAIT_MS"] ?? "3000",
            "TALLY_DELIVERY_ALLOW_PRIVATE": "true",
            "TALLY_DELIVERY_TIME_LIMIT_MS": "1000",
            "TALLY_LOG_LEVEL": ProcessInfo.processInfo.environment["TALLY_LOG_LEVEL"] ?? "warning",
        ].merging(
            broker.clientSettings(fetchWaitMilliseconds: Self.fetchWaitMilliseconds)
        ) { $1 }
    }

    /// Where its console serves.
    package var consoleURL: String { "http://127.0.0.1:\(ports.port(of: .console))" }
    /// The URL of its database, with the password.
    package var databaseURL: String { postgres.url }
    /// `host:port` of its brokers, separated by commas.
    package var brokers: String { broker.brokers }

    /// Stops the broker and the database.
    package func stop() async {
        await broker.stop()
        await postgres.stop()
    }
}

/// The loopback ports of a stack.
package struct StackPorts: Sendable {
    let gateway: Int
    let simulator: Int
    private let workers: [Role: Int]

    /// The port of a role's HTTP server.
    package func port(of role: Role) -> Int { workers[role] ?? gateway }

    static func free() throws -> StackPorts {
        var taken = try LoopbackPort.free(count: Role.allCases.count + 1).map(Int.init)
        let gateway = taken.removeFirst()
        let simulator = taken.removeFirst()
        let others = Role.allCases.filter { $0 != .gateway }
        return StackPorts(
            gateway: gateway, simulator: simulator,
            workers: Dictionary(uniqueKeysWithValues: zip(others, taken)))
    }
}

/// Files of the data folder.
enum StackFiles {
    /// The master key of the folder, made at its first use and readable by its owner only.
    static func masterKey(in folder: String) throws -> String {
        let file = folder + "/master.key"
        if let known = try? String(contentsOfFile: file, encoding: .utf8), !known.isEmpty {
            return known
        }
        var random = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        let key = Data(bytes).base64EncodedString()
        _ = FileManager.default.createFile(
            atPath: file, contents: Data(key.utf8), attributes: [.posixPermissions: 0o600])
        return key
    }
}
