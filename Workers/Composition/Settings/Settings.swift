import Foundation
package import Kafka
package import Logging
package import Payments
import Postgres
package import Store
import WorkerRuntime

/// What the environment and the configuration file say. Secrets come from the environment or from
/// files that it names, never from the configuration file.
package struct Settings: Sendable {
    /// What the process is for; production refuses to run without a check that a role should make.
    package enum Environment: String, CaseIterable, Sendable { case development, production }

    package var databaseURL: String
    package var database: DatabaseSettings
    package var kafka: KafkaSettings
    package var masterKey: String
    package var httpHost: String
    /// `nil` for the role's own default.
    package var httpPort: Int?
    /// Where health and metrics are served; `nil` for the HTTP port.
    package var operationsPort: Int?
    package var environment: Environment
    package var channel: ChannelSettings
    package var gateway: GatewaySettings
    package var bankURL: String
    package var bankSecret: String?
    package var allowsPrivateReceivers: Bool
    package var deliveryTimeLimitMilliseconds: Int
    package var answerWaitMilliseconds: Int
    package var poisonLimit: Int
    package var latePayments: LatePaymentRule
    /// A decision on a difference of more than this needs a second person.
    package var differenceLimit: Money
    package var logLevel: Logger.Level

    /// Reads the environment over the file.
    /// - Parameters:
    ///   - file: YAML; the variable's name without `TALLY_`, nested at each underscore.
    ///   - role: the role that is to run with them; what it requires is checked as well.
    /// - Throws: `SettingError` with everything that is wrong.
    package static func load(
        file: String?, environment: [String: String] = ProcessInfo.processInfo.environment,
        role: Role? = nil
    ) async throws -> Settings {
        let ours = environment.filter { $0.key.hasPrefix("TALLY_") }
        let options = KafkaVariables.options(in: ours)
        let content = file.map { SettingFile(path: $0) }
        let reader = SettingReader(
            environment: withoutPrefix(ours), file: withoutPrefix(content?.values ?? [:]))
        let settings = Settings(reader, kafkaOptions: options)
        let problems =
            SettingNames.problems(of: ours.keys) + (content?.problems ?? [])
            + KafkaVariables.problems(of: options) + reader.problems
            + (role.map { settings.problems(of: $0) } ?? [])
        guard problems.isEmpty else { throw SettingError(problems) }
        return settings
    }

    private static func withoutPrefix(_ values: [String: String]) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: values.map {
                (String($0.key.dropFirst("TALLY_".count)), $0.value)
            })
    }

    private init(_ reader: SettingReader, kafkaOptions: [String: String]) {
        databaseURL = reader.text("TALLY_DATABASE_URL", check: Self.checkDatabase)
        database = DatabaseSettings(reader)
        kafka = KafkaSettings(
            brokers: reader.text(
                "TALLY_KAFKA_BROKERS", default: "127.0.0.1:9092", check: Self.checkBrokers),
            options: kafkaOptions, clientID: "tally")
        masterKey = reader.text("TALLY_MASTER_KEY")
        httpHost = reader.text("TALLY_HTTP_HOST", default: "127.0.0.1")
        httpPort = reader.port("TALLY_HTTP_PORT")
        operationsPort = reader.port("TALLY_OPERATIONS_PORT")
        environment = reader.word("TALLY_ENVIRONMENT", default: .development)
        channel = ChannelSettings(reader)
        gateway = GatewaySettings(reader)
        bankURL = reader.address("TALLY_BANK_URL")
        bankSecret = reader.secret("TALLY_BANK_SECRET")
        allowsPrivateReceivers = reader.flag("TALLY_DELIVERY_ALLOW_PRIVATE", default: false)
        deliveryTimeLimitMilliseconds = reader.number(
            "TALLY_DELIVERY_TIME_LIMIT_MS", default: 10_000, in: 1...600_000)
        answerWaitMilliseconds = reader.number(
            "TALLY_ANSWER_WAIT_MS", default: 3_000, in: 1...600_000)
        poisonLimit = reader.number(
            "TALLY_POISON_LIMIT", default: BatchLimits().poisonInARow, in: 0...1_000_000_000)
        differenceLimit = Money(
            fen: Int64(
                reader.number(
                    "TALLY_DIFFERENCE_LIMIT_FEN", default: 100_000, in: 0...10_000_000_000)))
        latePayments = reader.word("TALLY_LATE_PAYMENTS", default: .accept)
        logLevel = reader.word("TALLY_LOG_LEVEL", default: .info)
    }

    private static func checkDatabase(_ text: String) -> String? {
        let wanted = "must be postgresql://user@host:5432/database"
        if let end = text.range(of: "://") {
            let scheme = text[..<end.lowerBound]
            guard ["postgresql", "postgres"].contains(scheme) else {
                return "\(wanted); its scheme is '\(scheme.prefix(16))'"
            }
        }
        guard PostgresURL.isReadable(text) else {
            return "\(wanted); it can't be read as one. In user and password, %, /, @, : and # "
                + "are written percent-encoded; libpq reads the password from PGPASSWORD too"
        }
        return nil
    }

    private static func checkBrokers(_ text: String) -> String? {
        let isRight = text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy {
            let parts = $0.trimmingCharacters(in: .whitespaces)
                .split(separator: ":", omittingEmptySubsequences: false)
            let port = parts.last.flatMap { Int($0) } ?? 0
            return parts.count >= 2 && parts[0] != "" && (1...65_535).contains(port)
        }
        return isRight ? nil : "must be host:port, several separated by commas"
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
