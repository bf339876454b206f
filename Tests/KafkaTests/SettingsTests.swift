import Logging
import Synchronization
import Testing

@testable import Kafka

/// Options, secrets and versions.
@Suite struct SettingsTests {
    @Test func secretsAreNotShown() {
        let settings = KafkaSettings(
            brokers: "b:9092", options: ["sasl.password": "hunter2", "sasl.username": "agent"])
        var dumped = ""
        dump(settings, to: &dumped)
        for text in ["\(settings)", String(reflecting: settings), dumped] {
            #expect(!text.contains("hunter2") && !text.contains("agent"))
            #expect(text.contains("b:9092"))
        }
    }

    @Test func aWrongOptionIsNamed() {
        var settings = KafkaSettings(brokers: "b:9092", options: ["no.such.option": "1"])
        let logger = Logger(label: "kafka-tests")
        let unknown = #expect(throws: KafkaError.self) {
            _ = try KafkaProducer(settings: settings, logger: logger)
        }
        #expect(unknown?.reason.contains("no.such.option") == true)
        settings.options = ["security.protocol": "carrier-pigeon"]
        let invalid = #expect(throws: KafkaError.self) {
            _ = try KafkaConsumer(settings: settings, group: "g", topics: ["t"], logger: logger)
        }
        #expect(invalid?.reason.contains("security.protocol") == true)
    }

    @Test func promisesCannotBeOptedOutOf() throws {
        let settings = KafkaSettings(
            brokers: "127.0.0.1:1", options: ["enable.idempotence": "false", "acks": "0"])
        // librdkafka refuses `acks=0` with idempotence: made at all means the options were ours.
        _ = try KafkaProducer(settings: settings, logger: Logger(label: "kafka-tests"))
    }

    @Test func anOptionOfTheOtherKindOfClientIsIgnored() throws {
        let log = LogLines()
        let logger = Logger(label: "kafka-tests") { _ in log }
        let settings = KafkaSettings(
            brokers: "127.0.0.1:1", options: ["fetch.wait.max.ms": "20", "linger.ms": "5"])
        let clients: [AnyObject] = [
            try KafkaProducer(settings: settings, logger: logger),
            try KafkaReader(settings: settings, topics: ["t"], from: .end, logger: logger),
        ]
        withExtendedLifetime(clients) {
            #expect(log.lines.filter { $0.contains("ignored") } == [])
        }
    }

    @Test func anOldLibraryIsRefusedByNameWithTheCure() throws {
        try KafkaLibrary.check()
        try KafkaLibrary.check(0x0203_00FF)
        let error = #expect(throws: KafkaError.self) { try KafkaLibrary.check(0x0200_02FF) }
        #expect(error?.reason.contains("2.0.2") == true)
        #expect(error?.reason.contains("scripts/setup") == true)
    }

    @Test func noClientCanBeMadeWithAnOldLibrary() async throws {
        let logger = Logger(label: "kafka-tests")
        var settings = KafkaSettings(brokers: "127.0.0.1:1")
        settings.libraryVersion = 0x0202_00FF
        let old = settings
        let admin = KafkaAdmin(settings: old, logger: logger)
        let attempts: [@Sendable () async throws -> Void] = [
            { _ = try KafkaProducer(settings: old, logger: logger) },
            { _ = try KafkaConsumer(settings: old, group: "g", topics: ["t"], logger: logger) },
            { _ = try KafkaReader(settings: old, topics: ["t"], from: .end, logger: logger) },
            { _ = try await admin.listTopics() },
        ]
        for attempt in attempts {
            let error = await #expect(throws: KafkaError.self) { try await attempt() }
            #expect(error?.reason.contains("librdkafka 2.2.0 is loaded") == true)
        }
    }
}

/// Keeps what is logged.
private final class LogLines: LogHandler, Sendable {
    private let kept = Mutex<[String]>([])
    var lines: [String] { kept.withLock { $0 } }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }
    func log(event: LogEvent) { kept.withLock { $0.append("\(event.message)") } }

    @Test func aDeliveryWithoutATimeLimitNeverTimesOut() {
        #expect(ProducerLimits(deliveryTimeout: nil).options["message.timeout.ms"] == "0")
        #expect(ProducerLimits().options["message.timeout.ms"] == "30000")
    }
}
