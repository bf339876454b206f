import Kafka
import Logging
import TestServices

/// What the tests share: the broker, and topics of their own.
struct Cluster {
    let settings: KafkaSettings
    let admin: KafkaAdmin
    let logger: Logger

    static func make() async throws -> Cluster {
        var logger = Logger(label: "kafka-tests")
        logger.logLevel = .error
        let settings = KafkaSettings(
            brokers: try await TestServices.shared.brokers(), clientID: "kafka-tests")
        return Cluster(
            settings: settings, admin: KafkaAdmin(settings: settings, logger: logger),
            logger: logger)
    }

    func topic(_ prefix: String, partitions: Int = 1) async throws -> String {
        let name = await TestServices.shared.uniqueName(prefix)
        let results = try await admin.createTopics([
            TopicSpecification(name: name, partitions: partitions)
        ])
        for result in results {
            if let error = result.error { throw error }
        }
        return name
    }

    func group() async -> String { await TestServices.shared.uniqueName("group") }

    func producer(_ limits: ProducerLimits = ProducerLimits()) throws -> KafkaProducer {
        try KafkaProducer(settings: settings, limits: limits, logger: logger)
    }

    func reader(
        _ topic: String, from start: KafkaReader.Start = .beginning,
        limits: ConsumerLimits = ConsumerLimits()
    ) throws -> KafkaReader {
        try KafkaReader(
            settings: settings, topics: [topic], from: start, limits: limits, logger: logger)
    }

    func consumer(
        _ topic: String, group: String, limits: ConsumerLimits = ConsumerLimits()
    ) throws -> KafkaConsumer {
        try KafkaConsumer(
            settings: settings, group: group, topics: [topic], limits: limits, logger: logger)
    }

    /// Writes `count` records with the values 0, 1, 2 … to a partition.
    func fill(_ topic: String, _ count: Int, partition: Int32 = 0) async throws {
        let producer = try producer()
        _ = try await producer.send(
            (0..<count).map { number in
                ProducerRecord(
                    topic: topic, partition: partition, value: Array("\(number)".utf8))
            })
        await producer.close()
    }
}

/// Nothing came within the limit.
struct TimedOut: Error {
    let what: String
}

extension KafkaReader {
    /// Polls until there are `count` records.
    func read(_ count: Int, within limit: Duration = .seconds(20)) async throws -> [KafkaRecord] {
        let end = ContinuousClock.now + limit
        var records: [KafkaRecord] = []
        while records.count < count {
            guard ContinuousClock.now < end else {
                throw TimedOut(what: "\(count) records; \(records.count) came")
            }
            records += try await poll(maxRecords: count - records.count, wait: .milliseconds(500))
        }
        return records
    }
}

extension KafkaConsumer {
    /// Polls until partitions are assigned; what else comes is dropped, and a topic that isn't
    /// there yet is waited for.
    func waitForAssignment(within limit: Duration = .seconds(30)) async throws -> [TopicPartition] {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            do {
                let event = try await poll(maxRecords: 100, wait: .milliseconds(200))
                if case .assigned(let partitions) = event { return partitions }
            } catch  where error.isUnknownTopic {
                continue
            }
        }
        throw TimedOut(what: "an assignment")
    }

    /// Polls until there are `count` records; fails on news of the group.
    func read(
        _ count: Int, maxRecords: Int = 1000, within limit: Duration = .seconds(20)
    ) async throws -> [KafkaRecord] {
        let end = ContinuousClock.now + limit
        var records: [KafkaRecord] = []
        while records.count < count {
            guard ContinuousClock.now < end else {
                throw TimedOut(what: "\(count) records; \(records.count) came")
            }
            switch try await poll(maxRecords: maxRecords, wait: .milliseconds(200)) {
            case .records(let some): records += some
            case .idle, .ends: continue
            case .assigned, .revoked: throw TimedOut(what: "records; a rebalance came")
            }
        }
        return records
    }
}

/// A record's value as a number.
func number(_ record: KafkaRecord) -> Int? { Int(String(decoding: record.value, as: UTF8.self)) }
