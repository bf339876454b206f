import CRdKafka

/// Collects a poll's records from librdkafka's queue. What one poll leaves is the next one's.
struct RecordCollector {
    /// Where collecting stands.
    enum Outcome {
        /// There are records, or an error, to be handed over.
        case ready
        /// Nothing yet; the caller's other work may have its turn.
        case empty
        /// Stopped at the caller's wish.
        case interrupted
    }

    private(set) var records: [KafkaRecord] = []
    private var byteCount = 0
    private var error: KafkaError?
    private var copier = RecordCopier()
    private let byteLimit: Int
    private let wakeUp: WakeUp

    /// - Parameter wakeUp: what to wait on; watches the client's queue.
    init(byteLimit: Int, wakeUp: WakeUp) {
        self.byteLimit = byteLimit
        self.wakeUp = wakeUp
    }

    /// Collects until the request is satisfied, or `sliceMilliseconds` brought nothing.
    /// - Parameter isInterrupted: asked after each of librdkafka's calls.
    mutating func collect<Value>(
        from client: OpaquePointer, for request: PollRequest<Value>, sliceMilliseconds: Int,
        isInterrupted: (inout RecordCollector) -> Bool
    ) -> Outcome {
        let start = MonotonicTime.now
        let sliceEnd = min(start + UInt64(sliceMilliseconds) * 1_000_000, request.deadline)
        // Leftovers have waited already.
        var end = records.isEmpty ? sliceEnd : start
        while records.count < request.maxRecords && byteCount < byteLimit && error == nil {
            let wasEmpty = records.isEmpty
            let now = MonotonicTime.now
            let isThere = pollOnce(
                client, milliseconds: MonotonicTime.milliseconds(from: now, to: end))
            if isInterrupted(&self) { return .interrupted }
            if wasEmpty && !records.isEmpty { end = MonotonicTime.now + request.linger }
            // Past the linger, what is at hand is still taken along.
            if !isThere && MonotonicTime.now >= end { break }
        }
        return records.isEmpty && error == nil ? .empty : .ready
    }

    /// Polls for one message and keeps it; whether one came.
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
        case RD_KAFKA_RESP_ERR__PARTITION_EOF, RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED:
            // The latter is followed by the loss of the assignment, which says it all.
            break
        default:
            error = copier.error(message)
        }
    }

    /// Hands over at most `count` records, or the error where there are none.
    mutating func take(_ count: Int) -> Result<[KafkaRecord], KafkaError> {
        if records.isEmpty, let error {
            self.error = nil
            return .failure(error)
        }
        guard records.count > count else {
            defer { dropAll() }
            return .success(records)
        }
        let taken = Array(records.prefix(count))
        records.removeFirst(count)
        byteCount = records.reduce(0) { $0 + $1.byteCount }
        return .success(taken)
    }

    /// Forgets all records.
    mutating func dropAll() {
        records = []
        byteCount = 0
    }

    /// Forgets the records that `isUnwanted` names.
    mutating func drop(where isUnwanted: (KafkaRecord) -> Bool) {
        records.removeAll(where: isUnwanted)
        byteCount = records.reduce(0) { $0 + $1.byteCount }
    }
}
