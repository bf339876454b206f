import Embedded
import Foundation
import Kafka
import Logging
import Postgres
import Simulator
import Store
import TestServices
import TestStack
import TopicCatalog

/// What the cases have in common: services that are right, keys, a small business.
actor StartBed {
    static let shared = StartBed()

    private let business = SmallBusiness(merchants: 1)
    // Other tests use some of the catalog's names at the shared broker.
    private var broker: Task<any SandboxBroker, any Error>?
    private var keys: Task<SampleKeys, any Error>?
    private var listeners: [LoopbackListener] = []

    /// Seals the secrets of ``migratedDatabase()``.
    nonisolated var masterKey: String { business.masterKey }

    /// The variables of a role whose every setting is right; nothing listens at the addresses.
    func rightVariables() async throws -> [String: String] {
        let ports = try LoopbackPort.free(count: 2)
        return WorkerSettings.channel(try await sampleKeys()).merging([
            "TALLY_DATABASE_URL": "postgresql://tally:secret@127.0.0.1:\(ports[1])/tally",
            "TALLY_KAFKA_BROKERS": "127.0.0.1:\(ports[1])",
            "TALLY_MASTER_KEY": business.masterKey, "TALLY_HTTP_PORT": "\(ports[0])",
            "TALLY_BANK_URL": "http://127.0.0.1:9/bank", "TALLY_BANK_SECRET": "bank-of-the-tests",
            "TALLY_LOG_LEVEL": "warning",
        ]) { $1 }
    }

    /// The URL of a migrated database with the business's parties.
    func migratedDatabase() async throws -> String {
        let business = business
        return try await TestServices.shared.freshDatabase(like: "start") { url in
            let connection = try await PostgresConnection.connect(url, logger: quietLogger)
            try await Migrator().migrate(connection)
            try await business.add(to: connection)
            await connection.close()
        }
    }

    /// The address of a broker with the catalog's topics.
    func brokersWithTopics() async throws -> String {
        if let broker { return try await broker.value.brokers }
        let task = Task {
            let broker = try await TestServices.shared.ownBroker("start")
            let settings = KafkaSettings(brokers: broker.brokers)
            let admin = KafkaAdmin(settings: settings, logger: quietLogger)
            try await TopicApplier(TopicCatalog.load(), on: KafkaTopicCluster(admin)).apply()
            return broker
        }
        broker = task
        return try await task.value.brokers
    }

    func sampleKeys() async throws -> SampleKeys {
        if let keys { return try await keys.value }
        let task = Task {
            try await SampleKeys.ensure(folder: try TemporaryFolder.make("start-keys"))
        }
        keys = task
        return try await task.value
    }

    /// A port that accepts connections and never answers.
    func silentPort() throws -> UInt16 {
        let listener = try LoopbackListener()
        listeners.append(listener)
        return listener.port
    }
}

let quietLogger: Logger = {
    var logger = Logger(label: "start-tests")
    logger.logLevel = .critical
    return logger
}()
