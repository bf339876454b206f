import Composition
import Kafka

/// The broker of a command: an answer within seconds, or an error that says which broker, why and
/// what to do.
enum CommandBroker {
    /// How long a command waits for an answer.
    @TaskLocal static var limit: Duration = .seconds(5)

    /// The cluster's topics; proof that a broker answers.
    static func topics(_ settings: Settings) async throws -> [TopicDescription] {
        let kafka = settings.kafka
        do throws(KafkaError) {
            return try await KafkaAdmin(
                settings: kafka, timeout: limit, logger: Terminal.quietLogger
            ).listTopics()
        } catch {
            throw unavailable(kafka, error)
        }
    }

    /// The error of a command whose broker can't be used, on one line.
    static func unavailable(_ kafka: KafkaSettings, _ error: KafkaError) -> CommandError {
        error.isRefusal
            ? CommandError(
                "the broker at \(kafka.brokers) refused the connection: \(error.reason)"
                    + error.cure)
            : CommandError(
                "the broker at \(kafka.brokers) is unavailable: \(error.reason). Check that Kafka "
                    + "runs there and that TALLY_KAFKA_BROKERS is right")
    }
}
