import Testing

@testable import TopicCatalog

@Suite struct TopicDriftTests {
    private let wanted = TopicDefinition(
        name: "orders.submitted", description: "d", key: "k", publishedBy: ["p"],
        consumedBy: ["c"], partitions: 6, replicationFactor: 1,
        configs: ["retention.ms": "1000", "cleanup.policy": "delete"])

    private func found(
        partitions: Int = 6, copies: Int? = 1, configs: [String: String]? = nil
    ) -> ClusterTopic {
        ClusterTopic(
            name: "orders.submitted", partitions: partitions, replicationFactor: copies,
            configs: configs ?? [
                "retention.ms": "1000", "cleanup.policy": "delete", "of.the.brokers.own": "x",
            ])
    }

    @Test func theSameIsNoDrift() {
        #expect(TopicDrift.between([wanted], [found()]).isEmpty)
        #expect(TopicDrift.between([wanted], [found(copies: nil)]).isEmpty)
    }

    @Test func topicsOfOthersAreIgnored() {
        let other = ClusterTopic(name: "theirs", partitions: 1, configs: [:])
        #expect(TopicDrift.between([wanted], [other, found()]).isEmpty)
    }

    @Test func aMissingTopicIsMissingOnce() {
        #expect(TopicDrift.between([wanted], []) == [.missing(wanted)])
    }

    @Test func partitionsAreAddedButNotRemoved() {
        let few = TopicDrift.between([wanted], [found(partitions: 3)])
        #expect(few == [.tooFewPartitions(topic: "orders.submitted", wanted: 6, found: 3)])
        #expect(few.map(\.isFixable) == [true])
        let many = TopicDrift.between([wanted], [found(partitions: 9)])
        #expect(many == [.tooManyPartitions(topic: "orders.submitted", wanted: 6, found: 9)])
        #expect(many.map(\.isFixable) == [false])
    }

    @Test func settingsAreComparedByName() {
        let drifts = TopicDrift.between([wanted], [found(configs: ["retention.ms": "5"])])
        #expect(
            drifts == [
                .config(
                    topic: "orders.submitted", name: "cleanup.policy", wanted: "delete",
                    found: nil),
                .config(
                    topic: "orders.submitted", name: "retention.ms", wanted: "1000", found: "5"),
            ])
        #expect(drifts[1].description.contains("retention.ms is 5, 1000 wanted"))
    }

    @Test func everyLineNamesItsTopic() {
        let drifts: [TopicDrift] = [
            .missing(wanted),
            .tooFewPartitions(topic: "orders.submitted", wanted: 6, found: 3),
            .tooManyPartitions(topic: "orders.submitted", wanted: 6, found: 9),
            .replicationFactor(topic: "orders.submitted", wanted: 3, found: 1),
            .config(topic: "orders.submitted", name: "a", wanted: "b", found: nil),
        ]
        for drift in drifts {
            #expect(drift.description.hasPrefix("orders.submitted: "))
            #expect(!drift.description.contains("\n"))
        }
    }
}
