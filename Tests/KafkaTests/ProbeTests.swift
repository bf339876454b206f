import CRdKafka
import TestServices
import Testing

@testable import Kafka

/// Probing whether a broker answers.
@Suite(.timeLimit(.minutes(2))) struct ProbeTests {
    /// A metadata request for the topics that the client knows would create the missing ones.
    @Test func aProbeCreatesNoTopic() async throws {
        let cluster = try await Cluster.make()
        let group = await cluster.group()
        let handle = try ClientHandle(
            RD_KAFKA_CONSUMER, cluster.settings, defaults: [:], fixed: ["group.id": group],
            callbacks: ClientCallbacks(logger: cluster.logger))
        let list = PartitionList([TopicPartition(topic: group, partition: -1)])
        #expect(rd_kafka_subscribe(handle.pointer, list.pointer) == RD_KAFKA_RESP_ERR_NO_ERROR)
        var code = RD_KAFKA_RESP_ERR_NO_ERROR
        while code != RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART {
            handle.probe(milliseconds: 200)
            guard let message = rd_kafka_consumer_poll(handle.pointer, 10) else { continue }
            code = message.pointee.err
            rd_kafka_message_destroy(message)
        }
        #expect(handle.status.isConnected)
        #expect(try await !cluster.admin.listTopics().map(\.name).contains(group))
        handle.destroy()
    }
}
