import Configuration
import Foundation
package import Kafka
package import Logging
package import Store
import SystemPackage
import WorkerRuntime
import Yams

/// What the environment and the configuration file say. Secrets come from the environment or from
/// files that it names, never from the configuration file.
package struct Settings: Sendable {
    package var databaseURL: String
    package var kafka: KafkaSettings
    package var masterKey: String
    package var httpHost: String
    package var httpPort: Int
    package var channel: ChannelSettings
    package var bankURL: String
    package var bankSecret: String?
    package var allowsPrivateReceivers: Bool
    package var deliveryTimeLimitMilliseconds: Int
    package var answerWaitMilliseconds: Int
    package var poisonLimit: Int
    package var logLevel: Logger.Level

    /// Reads the environment over the file.
    /// - Parameter file: YAML; the variable's name without `TALLY_`, nested at each underscore.
    package static func load(
        file: String?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws -> Settings {
        let ours = environment.filter { $0.key.hasPrefix("TALLY_") }
        try SettingNames.check(environment: ours.keys)
        let stripped = Dictionary(
            uniqueKeysWithValues: ours.map { (String($0.key.dropFirst("TALLY_".count)), $0.value) })
        var providers: [any ConfigProvider] = [
            EnvironmentVariablesProvider(environmentVariables: stripped)
        ]
        if let file {
            try SettingNames.check(file: file)
            providers.append(
                try await FileProvider<YAMLSnapshot>(filePath: FilePath(file)))
        }
        let reader = ConfigReader(providers: providers)
        return Settings(reader, kafkaOptions: SettingNames.kafkaOptions(in: stripped))
    }

    private init(_ reader: ConfigReader, kafkaOptions: [String: String]) {
        func text(_ key: ConfigKey, _ fallback: String = "") -> String {
            reader.string(forKey: key, default: fallback)
        }
        databaseURL = text("database.url")
        kafka = KafkaSettings(
            brokers: text("kafka.brokers", "127.0.0.1:9092"), options: kafkaOptions,
            clientID: "tally")
        masterKey = reader.string(forKey: "master.key", isSecret: true, default: "")
        httpHost = text("http.host", "127.0.0.1")
        httpPort = reader.int(forKey: "http.port", default: 8080)
        channel = ChannelSettings(reader)
        bankURL = text("bank.url")
        bankSecret = reader.string(forKey: "bank.secret", isSecret: true)
        allowsPrivateReceivers = reader.bool(forKey: "delivery.allow.private", default: false)
        deliveryTimeLimitMilliseconds = reader.int(
            forKey: "delivery.time.limit.ms", default: 10_000)
        answerWaitMilliseconds = reader.int(forKey: "answer.wait.ms", default: 3_000)
        poisonLimit = reader.int(forKey: "poison.limit", default: BatchLimits().poisonInARow)
        logLevel = Logger.Level(rawValue: text("log.level", "info")) ?? .info
    }

    /// The database's URL; an error where it isn't set.
    package func requireDatabase() throws -> String {
        guard !databaseURL.isEmpty else { throw SettingError.missing("TALLY_DATABASE_URL") }
        return databaseURL
    }

    /// Seals and opens secrets with the master key; an error where it isn't set.
    package func sealer() throws -> Sealer {
        guard !masterKey.isEmpty else { throw SettingError.missing("TALLY_MASTER_KEY") }
        return try Sealer(masterKey: masterKey)
    }
}

/// Why the settings can't be used.
package struct SettingError: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) { self.description = description }

    package static func missing(_ name: String) -> SettingError {
        SettingError(description: "\(name) is not set; see docs/operations.md, Configuration")
    }

    package static func unknown(_ name: String, in place: String) -> SettingError {
        SettingError(
            description: "\(name) in \(place) is not a setting of tally: check its spelling; "
                + "docs/operations.md lists the settings")
    }
}
