import Kafka
import Logging
import TopicCatalog

/// The broker answers, and has the topics that a role reads and publishes to, with the catalog's
/// partitions.
struct TopicCheck: StartCheck {
    private let topics: [TopicDefinition]
    private let kafka: KafkaSettings
    private let admin: KafkaAdmin

    // A role that stops waits for no longer than this.
    private static let timeout: Duration = .seconds(3)

    init(_ role: Role, _ kafka: KafkaSettings) throws {
        topics = try TopicCatalog.load().filter { role.needs($0) }
        self.kafka = kafka
        // The check itself reports what failed.
        var quiet = Logger(label: "tally.start")
        quiet.logLevel = .critical
        admin = KafkaAdmin(settings: kafka, timeout: Self.timeout, logger: quiet)
    }

    func missing() async -> [String] {
        guard !topics.isEmpty else { return [] }
        let found: [String: Int]
        do throws(KafkaError) {
            found = Dictionary(
                try await admin.listTopics().map { ($0.name, $0.partitions) }
            ) { first, _ in first }
        } catch {
            return ["broker at \(kafka.brokers): \(error.reason)\(error.cure)"]
        }
        let wrong = Self.differences(topics, found)
        return wrong.isEmpty
            ? [] : ["topics: \(wrong.joined(separator: ", ")); run tally topics apply"]
    }

    /// More partitions than the catalog's are right: they can be added, never removed.
    static func differences(_ wanted: [TopicDefinition], _ found: [String: Int]) -> [String] {
        wanted.compactMap { topic in
            guard let partitions = found[topic.name] else { return "\(topic.name) is missing" }
            return partitions < topic.partitions
                ? "\(topic.name) has \(partitions) of \(topic.partitions) partitions" : nil
        }
    }
}

extension Role {
    /// Whether it reads a topic or publishes to it.
    func needs(_ topic: TopicDefinition) -> Bool {
        let users = topic.publishedBy + topic.consumedBy
        let isReader = Self.readers.values.contains(rawValue)
        return users.contains(rawValue) || (isReader && users.contains("every worker"))
    }
}

extension KafkaError {
    /// What to do about an error of settings, as the end of a sentence; empty for an outage.
    package var cure: String {
        if isLoginRefused {
            return "; check TALLY_KAFKA_SASL_MECHANISM, TALLY_KAFKA_SASL_USERNAME and "
                + "TALLY_KAFKA_SASL_PASSWORD"
        }
        if isEncryptionRefused {
            return "; check TALLY_KAFKA_SECURITY_PROTOCOL and TALLY_KAFKA_SSL_CA_LOCATION"
        }
        return ""
    }
}
