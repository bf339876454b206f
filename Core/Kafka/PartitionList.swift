import CRdKafka

/// Owns a `rd_kafka_topic_partition_list_t`; destroyed before its client, which would hang
/// otherwise.
struct PartitionList: ~Copyable {
    let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(capacity: Int) {
        pointer = rd_kafka_topic_partition_list_new(Int32(clamping: capacity))
    }

    /// Partitions with an offset each, and where it is known the leader epoch of the record before
    /// it.
    init(_ offsets: [TopicPartition: Int64], leaderEpochs: [TopicPartition: Int32] = [:]) {
        self.init(capacity: offsets.count)
        for (place, offset) in offsets.sorted(by: { $0.key < $1.key }) {
            let element = rd_kafka_topic_partition_list_add(
                pointer, place.topic, place.partition)
            guard let element else { continue }
            element.pointee.offset = offset
            if let epoch = leaderEpochs[place] { LeaderEpoch.set(epoch, of: element) }
        }
    }

    /// Partitions without offsets.
    init(_ partitions: some Sequence<TopicPartition>) {
        self.init(capacity: 8)
        for place in partitions {
            rd_kafka_topic_partition_list_add(pointer, place.topic, place.partition)
        }
    }

    deinit { rd_kafka_topic_partition_list_destroy(pointer) }

    /// Throws the first partition's own error, if one has any.
    borrowing func check(_ doing: String) throws(KafkaError) {
        for index in 0..<Int(pointer.pointee.cnt) {
            let element = pointer.pointee.elems[index]
            guard element.err != RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
            let place = TopicPartition(
                topic: String(cString: element.topic), partition: element.partition)
            throw KafkaError(
                element.err, reason: "\(doing): \(String(cString: rd_kafka_err2str(element.err)))",
                topicPartition: place)
        }
    }

    /// The partitions of a list that librdkafka owns.
    static func partitions(
        of list: UnsafePointer<rd_kafka_topic_partition_list_t>
    ) -> [TopicPartition] {
        (0..<Int(list.pointee.cnt)).map { index in
            let element = list.pointee.elems[index]
            return TopicPartition(
                topic: String(cString: element.topic), partition: element.partition)
        }
    }
}
