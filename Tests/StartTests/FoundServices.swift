import Embedded
import Foundation
import Kafka
import Postgres
import Store
import TestServices
import TestStack
import TopicCatalog

/// The services of one case, and the environment that names them.
struct FoundServices: Sendable {
    var variables: [String: String]
    /// Ends those that are the case's own.
    var stop: @Sendable () async -> Void = {}
}

extension StartBed {
    /// A right environment on a case's services.
    func find(_ services: StartCase.Services, folder: String) async throws -> FoundServices {
        var found = FoundServices(variables: try await rightVariables())
        guard services != .none else { return found }
        found.variables["TALLY_DATABASE_URL"] = try await database(services)
        switch services {
        case .none, .all, .emptyDatabase, .newerDatabase:
            found.variables["TALLY_KAFKA_BROKERS"] = try await brokersWithTopics()
        case .emptyBroker, .onePartition:
            let broker = try await EmbeddedBroker.start(
                folder: folder + "/broker", isTemporary: true)
            if services == .onePartition { try await makeTopics(on: broker.brokers) }
            found.variables["TALLY_KAFKA_BROKERS"] = broker.brokers
            found.stop = { await broker.stop() }
        case .refusingBroker, .untrustedBroker:
            let broker = try await RefusingBroker.start(
                services == .refusingBroker ? .password : .certificate, folder: folder)
            found.variables["TALLY_KAFKA_BROKERS"] = broker.brokers
            found.stop = { broker.stop() }
        }
        return found
    }

    /// All topics, but the first with the one partition that a broker gives it by default.
    private func makeTopics(on brokers: String) async throws {
        let admin = KafkaAdmin(settings: KafkaSettings(brokers: brokers), logger: quietLogger)
        try await TopicApplier(
            TopicCatalog.load().filter { $0.name != "orders.submitted" },
            on: KafkaTopicCluster(admin)
        ).apply()
        _ = try await admin.createTopics([
            TopicSpecification(name: "orders.submitted", partitions: 1)
        ])
    }

    private func database(_ services: StartCase.Services) async throws -> String {
        guard services != .emptyDatabase else {
            return try await TestServices.shared.freshDatabase()
        }
        let url = try await migratedDatabase()
        if services == .newerDatabase {
            let connection = try await PostgresConnection.connect(url, logger: quietLogger)
            try await connection.execute(
                "insert into schema_migrations (name, checksum) values ('9999_newer', 'c')")
            await connection.close()
        }
        return url
    }
}
