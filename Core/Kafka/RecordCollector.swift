import CRdKafka

/// Collects a poll's records from librdkafka's queue. Records beyond `maxRecords` stay for the next
/// poll.
struct RecordCollector {
    /// The result of collecting.
    enum Outcome {
        /// There are records, or an error.
        case ready
        /// Nothing yet; the caller can do other work.
        case empty
        /// Stopped by `isInterrupted`.
        case interrupted
    }

    private(set) var records: [KafkaRecord] = []
    // The ends of partitions that were reached, until ``takeEnds()``.
    private var ends: [TopicPartition: Int64] = [:]
    private var byteCount = 0
    private var error: KafkaError?
    private var copier = RecordCopier()
    private let byteLimit: Int
    private let wakeUp: WakeUp

    /// - Parameter wakeUp: the descriptor to wait on; watches the client's queue.
    init(byteLimit: Int, wakeUp: WakeUp) {
        self.byteLimit = byteLimit
        self.wakeUp = wakeUp
    }

    /// Collects until the request is satisfied, or no record came within `sliceMilliseconds`.
    /// - Parameter isInterrupted: called after each poll of librdkafka.
    mutating func collect<Value>(
        from client: OpaquePointer, for request: PollRequest<Value>, sliceMilliseconds: Int,
        isInterrupted: (inout RecordCollector) -> Bool
    ) -> Outcome {
        let start = MonotonicTime.now
        let sliceEnd = min(start + UInt64(sliceMilliseconds) * 1_000_000, request.deadline)
        // Records left by the last poll don't wait again.
        var end = records.isEmpty ? sliceEnd : start
        while records.count < request.maxRecords && byteCount < byteLimit && error == nil {
            let wasEmpty = records.isEmpty
            let now = MonotonicTime.now
            let isThere = pollOnce(
                client, milliseconds: MonotonicTime.milliseconds(from: now, to: end))
            if isInterrupted(&self) { return .interrupted }
            if wasEmpty && !records.isEmpty { end = MonotonicTime.now + request.linger }
            // After the linger, records fetched already are still collected.
            if !isThere && MonotonicTime.now >= end { break }
        }
        return records.isEmpty && error == nil ? .empty : .ready
    }

    /// Polls for one message and keeps it. Returns whether one came.
    @discardableResult
    mutating func pollOnce(_ client: OpaquePointer, milliseconds: Int32) -> Bool {
        if let message = rd_kafka_consumer_poll(client, 0) {
            keep(message)
            return true
        }
        guard milliseconds > 0 else { return false }
        wakeUp.wait(milliseconds: milliseconds)
        guard let message = rd_kafka_consumer_poll(client, 0) else { return false }
        keep(message)
        return true
    }

    private mutating func keep(_ message: UnsafeMutablePointer<rd_kafka_message_t>) {
        defer { rd_kafka_message_destroy(message) }
        switch message.pointee.err {
        case RD_KAFKA_RESP_ERR_NO_ERROR:
            let record = copier.copy(message)
            byteCount += record.byteCount
            records.append(record)
        case RD_KAFKA_RESP_ERR__PARTITION_EOF:
            ends[copier.place(message)] = message.pointee.offset
        case RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:
            // Followed by the loss of the assignment, which is reported.
            break
        default:
            error = copier.error(message)
        }
    }

    /// Returns at most `count` records, or the error where there are none.
    mutating func take(_ count: Int) -> Result<[KafkaRecord], KafkaError> {
        if records.isEmpty, let error {
            self.error = nil
            return .failure(error)
        }
        guard records.count > count else {
            defer { dropRecords() }
            return .success(records)
        }
        let taken = Array(records.prefix(count))
        records.removeFirst(count)
        byteCount = records.reduce(0) { $0 + $1.byteCount }
        return .success(taken)
    }

    /// Whether the next poll can return without a call of librdkafka, or no more is to be held.
    var isFull: Bool { byteCount >= byteLimit || error != nil }

    /// The ends that were reached once every record before them is taken.
    mutating func takeEnds() -> [TopicPartition: Int64] {
        guard records.isEmpty, !ends.isEmpty else { return [:] }
        defer { ends = [:] }
        return ends
    }

    /// Drops all records, and the ends after them.
    mutating func dropAll() {
        dropRecords()
        ends = [:]
    }

    private mutating func dropRecords() {
        records = []
        byteCount = 0
    }

    /// Drops the error of a partition, which is of positions before an assignment.
    mutating func dropPartitionError() {
        if error?.topicPartition != nil { error = nil }
    }

    /// Drops the records for which `isUnwanted` is true.
    mutating func drop(where isUnwanted: (KafkaRecord) -> Bool) {
        records.removeAll(where: isUnwanted)
        ends = [:]
        byteCount = records.reduce(0) { $0 + $1.byteCount }
    }
}
