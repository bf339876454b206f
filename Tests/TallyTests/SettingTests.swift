import Composition
import Foundation
import Kafka
import Testing

@Suite struct SettingTests {
    /// A wrong environment, and the sentence about it.
    struct Wrong: Sendable, CustomTestStringConvertible {
        let variables: [String: String]
        let sentence: String

        init(_ name: String, _ value: String, _ sentence: String) {
            variables = [name: value]
            self.sentence = sentence
        }

        var testDescription: String { "\(variables)" }
    }

    @Test(arguments: [
        Wrong(
            "TALLY_DATABSE_URL", "postgresql://h/d",
            "TALLY_DATABSE_URL is not a setting of tally: did you mean TALLY_DATABASE_URL?"),
        Wrong(
            "TALLY_COLOUR", "red",
            "TALLY_COLOUR is not a setting of tally: docs/operations.md lists the settings"),
        Wrong(
            "TALLY_KAFKA_BROKER", "b:9092",
            "TALLY_KAFKA_BROKER is neither a setting of tally nor, as broker, an option of "
                + "librdkafka: did you mean TALLY_KAFKA_BROKERS?"),
        Wrong(
            "TALLY_KAFKA_SASL_USER", "u",
            "TALLY_KAFKA_SASL_USER is neither a setting of tally nor, as sasl.user, an option of "
                + "librdkafka: did you mean TALLY_KAFKA_SASL_USERNAME?"),
        Wrong(
            "TALLY_KAFKA_SECURITY_PROTOCOL", "TLS",
            "TALLY_KAFKA_SECURITY_PROTOCOL has a value that librdkafka doesn't accept for "
                + "security.protocol"),
        Wrong(
            "TALLY_KAFKA_ACKS", "1",
            "TALLY_KAFKA_ACKS can't be set: the promises of the workers depend on acks"),
        Wrong(
            "TALLY_KAFKA_SSL_CA_LOCATION", "/nonexistent/ca.pem",
            "TALLY_KAFKA_SSL_CA_LOCATION names /nonexistent/ca.pem, which doesn't exist"),
        Wrong(
            "TALLY_KAFKA_BROKERS", "",
            "TALLY_KAFKA_BROKERS is empty: it must be text; remove it for the default"),
        Wrong(
            "TALLY_KAFKA_BROKERS", "kafka",
            "TALLY_KAFKA_BROKERS must be host:port, several separated by commas"),
        Wrong(
            "TALLY_QUOTA_PARTY_PER_SECOND", "-1",
            "TALLY_QUOTA_PARTY_PER_SECOND is '-1' and must be a whole number from 0 to 1000000"),
        Wrong(
            "TALLY_HTTP_CONNECTIONS", "many",
            "TALLY_HTTP_CONNECTIONS is 'many' and must be a whole number from 1 to 1000000"),
        Wrong(
            "TALLY_TRUSTED_PROXIES", "10.0.0.0/8, proxy",
            "TALLY_TRUSTED_PROXIES must be IP addresses or blocks such as 10.0.0.0/8, separated by "
                + "commas"),
        Wrong(
            "TALLY_HTTP_PORT", "abc",
            "TALLY_HTTP_PORT is 'abc' and must be a whole number from 1 to 65535"),
        Wrong(
            "TALLY_HTTP_PORT", "70000",
            "TALLY_HTTP_PORT is '70000' and must be a whole number from 1 to 65535"),
        Wrong(
            "TALLY_HTTP_PORT", "",
            "TALLY_HTTP_PORT is empty: it must be a whole number from 1 to 65535; remove it for "
                + "the default"),
        Wrong(
            "TALLY_LOG_LEVEL", "verbose",
            "TALLY_LOG_LEVEL is 'verbose' and must be one of trace, debug, info, notice, warning, "
                + "error, critical"),
        Wrong(
            "TALLY_DELIVERY_ALLOW_PRIVATE", "maybe",
            "TALLY_DELIVERY_ALLOW_PRIVATE is 'maybe' and must be true or false"),
        Wrong(
            "TALLY_ENVIRONMENT", "prod",
            "TALLY_ENVIRONMENT is 'prod' and must be one of development, production"),
        Wrong(
            "TALLY_BANK_SECRET", "",
            "TALLY_BANK_SECRET is empty: set the secret, or remove the variable"),
        Wrong(
            "TALLY_BANK_URL", "bank.example",
            "TALLY_BANK_URL must be an http or https address without a query, such as "
                + "https://host.example/path"),
        Wrong(
            "TALLY_DATABASE_URL", "mysql://u:secret@h/d",
            "TALLY_DATABASE_URL must be postgresql://user@host:5432/database; its scheme is "
                + "'mysql'"),
        Wrong(
            "TALLY_DATABASE_URL", "postgresql://u:p%w@h/d",
            "TALLY_DATABASE_URL must be postgresql://user@host:5432/database; it can't be read as "
                + "one. In user and password, %, /, @, : and # are written percent-encoded; libpq "
                + "reads the password from PGPASSWORD too"),
    ])
    func aWrongSettingIsNamedByItsVariable(wrong: Wrong) async {
        let error = await #expect(throws: SettingError.self) {
            _ = try await Settings.load(file: nil, environment: wrong.variables)
        }
        #expect(error?.description == wrong.sentence)
    }

    @Test func everythingThatIsWrongIsReportedAtOnce() async throws {
        try await withFile("http:\n  prt: 1\ndelivery:\n  time:\n    limit:\n      ms: soon\n") {
            file in
            let error = await #expect(throws: SettingError.self) {
                _ = try await Settings.load(
                    file: file,
                    environment: ["TALLY_POISON_LIMT": "7", "TALLY_LOG_LEVEL": "loud"],
                    role: .settlement)
            }
            let problems = try #require(error?.problems)
            #expect(problems.count == 7, "\(problems)")
            #expect(
                problems.contains(
                    "\(file) line 2: http.prt is not a setting of tally: did you mean http.port?"))
            for name in [
                "TALLY_POISON_LIMT", "TALLY_LOG_LEVEL", "TALLY_DELIVERY_TIME_LIMIT_MS",
                "TALLY_DATABASE_URL", "TALLY_MASTER_KEY", "TALLY_BANK_URL",
            ] { #expect(problems.contains { $0.hasPrefix(name) }, "\(name)") }
            #expect(error?.description.hasPrefix("7 settings are wrong:\n- ") == true)
        }
    }

    @Test(arguments: [
        ("http:\n  port: [1]\n", " line 2: http.port must be name: value, not a list or bare text"),
        ("only text\n", " line 1: the file must be name: value, not a list or bare text"),
        ("http: {\n", " is not YAML: a setting is written as name: value, its parts nested by "),
        ("bank:\n  url: a\nbank:\n  url: b\n", " is not YAML"),
        ("kafka:\n  sasl:\n    password: p\n", " line 3: options of the Kafka client are set in "),
        ("master:\n  key: c2VjcmV0\n", " line 2: master.key is a secret and doesn't belong in "),
        ("bank:\n  secret: s\n", " line 2: bank.secret is a secret and doesn't belong in the file"),
    ])
    func aWrongFileIsNamedWithItsLine(text: String, sentence: String) async throws {
        try await withFile(text) { file in
            let error = await #expect(throws: SettingError.self) {
                _ = try await Settings.load(file: file, environment: [:])
            }
            let found = try #require(error?.description)
            #expect(found.hasPrefix(file + " line ") && found.contains(sentence), "\(found)")
        }
    }

    @Test func aFileThatIsMissingIsNamed() async {
        let error = await #expect(throws: SettingError.self) {
            _ = try await Settings.load(file: "/nonexistent/tally.yaml", environment: [:])
        }
        #expect(error?.description == "--config /nonexistent/tally.yaml doesn't exist")
    }

    @Test func theEnvironmentTakesPrecedenceOverTheFile() async throws {
        try await withFile("database:\n  url: postgresql://file/d\nhttp:\n  port: 9001\n") { file in
            let settings = try await Settings.load(
                file: file, environment: ["TALLY_DATABASE_URL": "postgresql://environment/d"])
            #expect(settings.databaseURL == "postgresql://environment/d")
            #expect(settings.httpPort == 9001)
        }
    }

    @Test func aVariableOfKafkaIsAnOptionOfItsClients() async throws {
        let settings = try await Settings.load(
            file: nil,
            environment: [
                "TALLY_KAFKA_BROKERS": "b:9092", "TALLY_KAFKA_SECURITY_PROTOCOL": "SASL_SSL",
            ])
        #expect(settings.kafka.brokers == "b:9092")
        #expect(settings.kafka.options == ["security.protocol": "SASL_SSL"])
    }

    @Test func theDefaultPortsOfTheRolesDiffer() async throws {
        let settings = try await Settings.load(file: nil, environment: [:])
        #expect(Set(Role.allCases.map(settings.port)).count == Role.allCases.count)
        #expect(settings.port(of: .gateway) == 8080)
    }

    @Test func healthAndMetricsHaveAPortOfTheirOwnWhereItIsSet() async throws {
        let settings = try await Settings.load(
            file: nil, environment: ["TALLY_OPERATIONS_PORT": "9100", "TALLY_HTTP_PORT": "9000"])
        #expect(settings.listeningAddresses(of: .callback).map(\.port) == [9100])
        #expect(settings.listeningAddresses(of: .gateway).map(\.port) == [9000, 9100])
        #expect(settings.port(of: .callback) == 9100 && settings.port(of: .gateway) == 9000)
        let same = try await Settings.load(
            file: nil, environment: ["TALLY_OPERATIONS_PORT": "9000", "TALLY_HTTP_PORT": "9000"])
        #expect(same.listeningAddresses(of: .gateway).map(\.port) == [9000])
    }

    @Test(arguments: [
        (Role.statements, "TALLY_ALIPAY_SELLER_ID"), (.gateway, "TALLY_ALIPAY_NOTIFY_URL"),
        (.settlement, "TALLY_BANK_SECRET"), (.delivery, "TALLY_DELIVERY_ALLOW_PRIVATE"),
    ])
    func productionRefusesToRunWithoutACheck(role: Role, variable: String) async throws {
        let variables = ["TALLY_DELIVERY_ALLOW_PRIVATE": "true"]
        let settings = try await Settings.load(file: nil, environment: variables)
        #expect(settings.missingChecks(of: role).contains { $0.hasPrefix(variable) })
        let error = await #expect(throws: SettingError.self) {
            _ = try await Settings.load(
                file: nil,
                environment: variables.merging(["TALLY_ENVIRONMENT": "production"]) { $1 },
                role: role)
        }
        #expect(
            error?.problems.contains {
                $0.hasPrefix(variable)
                    && $0.hasSuffix(", which TALLY_ENVIRONMENT=production doesn't allow")
            } == true)
    }

    private func withFile(_ text: String, _ body: (String) async throws -> Void) async throws {
        let file = NSTemporaryDirectory() + "tally-\(UUID().uuidString).yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        try await body(file)
    }
}
