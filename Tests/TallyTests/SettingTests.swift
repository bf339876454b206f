import Composition
import Foundation
import Kafka
import Testing

@Suite struct SettingTests {
    @Test func anUnknownNameOfTheEnvironmentIsAnError() async {
        await #expect(throws: SettingError.self) {
            _ = try await Settings.load(
                file: nil, environment: ["TALLY_DATABSE_URL": "postgresql://h/d"])
        }
    }

    @Test func anUnknownNameOfTheFileIsAnError() async throws {
        try await withFile("database:\n  uri: postgresql://h/d\n") { file in
            await #expect(throws: SettingError.self) {
                _ = try await Settings.load(file: file, environment: [:])
            }
        }
    }

    @Test(arguments: ["master:\n  key: c2VjcmV0\n", "bank:\n  secret: s\n"])
    func aSecretInTheFileIsAnError(text: String) async throws {
        try await withFile(text) { file in
            let error = await #expect(throws: SettingError.self) {
                _ = try await Settings.load(file: file, environment: [:])
            }
            #expect(error?.description.contains("secret") == true)
        }
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

    private func withFile(_ text: String, _ body: (String) async throws -> Void) async throws {
        let file = NSTemporaryDirectory() + "tally-\(UUID().uuidString).yaml"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        try await body(file)
    }
}
