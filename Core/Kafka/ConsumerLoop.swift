import CRdKafka

/// A group's consumer on its own thread, which makes every call into librdkafka.
///
/// Created, used and released on that one thread.
final class ConsumerLoop {
    typealias Jobs = ClientJobs<ConsumerLoop>

    private let handle: ClientHandle
    private let rebalances: RebalanceInbox
    private let jobs: Jobs
    private var collector: RecordCollector
    private var requests: [PollRequest<ConsumerEvent>] = []
    // Rebalances and errors of the group that no poll has returned yet.
    private var events: [Result<ConsumerEvent, KafkaError>] = []
    // The group's assignment; nil between a revocation and the next assignment.
    private var granted: Set<TopicPartition>?
    // The partitions that the owner has assigned positions to.
    private var reading: Set<TopicPartition> = []
    private var paused: Set<TopicPartition> = []
    // Paused by this thread, because no caller waits and enough is fetched.
    private var held: Set<TopicPartition> = []
    // Since when no caller waits (``MonotonicTime``).
    private var noRequestSince = MonotonicTime.now
    private var nextEnds: UInt64 = 0
    private var isClosing = false
    private var prober = ConnectionProber()
    private var timerWake = MainThreadWake()

    init(_ handle: ClientHandle, _ rebalances: RebalanceInbox, _ jobs: Jobs, batchBytes: Int) {
        self.handle = handle
        self.rebalances = rebalances
        self.jobs = jobs
        collector = RecordCollector(byteLimit: batchBytes, wakeUp: jobs.wakeUp)
        jobs.wakeUp.watch(rd_kafka_queue_get_consumer(handle.pointer))
    }

    /// Runs until ``beginClosing()``; the client is destroyed when it returns.
    func run() {
        while !isClosing {
            for job in jobs.take() { job(self) }
            prober.probeIfDue(handle)
            timerWake.wakeIfDue(handle)
            if requests.isEmpty {
                jobs.wait(milliseconds: 500)
                keepMembership()
            } else {
                serve()
            }
        }
        leave()
    }

    // MARK: The owner's requests

    func add(_ request: PollRequest<ConsumerEvent>) {
        endHold()
        requests.append(request)
    }

    func beginClosing() { isClosing = true }

    /// Starts reading; partitions that were revoked meanwhile are left out.
    func assign(
        _ positions: [TopicPartition: Int64], leaderEpochs: [TopicPartition: Int32]
    ) throws(KafkaError) {
        recordRebalances()
        guard let granted else { return }
        let ours = positions.filter { granted.contains($0.key) }
        collector.dropAll()
        collector.dropPartitionError()
        let list = PartitionList(ours, leaderEpochs: leaderEpochs)
        try KafkaError.check(
            rd_kafka_assign(handle.pointer, list.pointer), "partitions can't be assigned")
        reading = Set(ours.keys)
        try setPaused(paused.intersection(reading), false)
        endHold()
    }

    func setPaused(_ partitions: some Sequence<TopicPartition>, _ isPaused: Bool)
        throws(KafkaError)
    {
        let ours = reading.intersection(partitions)
        guard !ours.isEmpty else { return }
        let list = PartitionList(ours)
        let call = isPaused ? rd_kafka_pause_partitions : rd_kafka_resume_partitions
        let doing = isPaused ? "partitions can't be paused" : "partitions can't be resumed"
        try KafkaError.check(call(handle.pointer, list.pointer), doing)
        try list.check(doing)
        if isPaused { paused.formUnion(ours) } else { paused.subtract(ours) }
    }

    func seek(_ positions: [TopicPartition: Int64]) throws(KafkaError) {
        let ours = positions.filter { reading.contains($0.key) }
        guard !ours.isEmpty else { return }
        collector.drop { ours[$0.topicPartition] != nil }
        // For some milliseconds after its assignment a partition refuses to seek.
        for attempt in 1... {
            let list = PartitionList(ours)
            if let error = rd_kafka_seek_partitions(handle.pointer, list.pointer, 5000) {
                throw KafkaError(taking: error)
            }
            do {
                return try list.check("the position can't be changed")
            } catch {
                let isEarly = error.code == RD_KAFKA_RESP_ERR__STATE.rawValue
                guard isEarly && attempt < 100 else { throw error }
                jobs.wait(milliseconds: 10)
            }
        }
    }

    func commit(_ offsets: [TopicPartition: Int64]) throws(KafkaError) {
        let ours = offsets.filter { reading.contains($0.key) && $0.value >= 0 }
        guard !ours.isEmpty else { return }
        let list = PartitionList(ours)
        try KafkaError.check(
            rd_kafka_commit(handle.pointer, list.pointer, 1), "offsets can't be committed")
    }

    func endOffsets() -> [TopicPartition: Int64] { handle.endOffsets(of: reading) }

    // MARK: The thread's work

    private func serve() {
        guard let request = requests.first else { return }
        recordRebalances()
        if let first = events.first {
            events.removeFirst()
            return finish(first)
        }
        if let fatal = handle.status.fatalError { return finish(.failure(fatal)) }
        // A busy partition must not hide the end of another one for long.
        if MonotonicTime.now >= nextEnds, let ends = takeEnds() { return finish(.success(ends)) }
        let outcome = collector.collect(
            from: handle.pointer, for: request, sliceMilliseconds: 50
        ) { collector in
            self.recordRebalances(dropping: &collector)
        }
        switch outcome {
        case .ready:
            handle.status.recordAnswer()
            finish(collector.take(request.maxRecords).map(ConsumerEvent.records))
        case .empty where MonotonicTime.now >= request.deadline:
            finish(.success(takeEnds() ?? .idle))
        case .empty, .interrupted:
            break
        }
    }

    private func finish(_ result: Result<ConsumerEvent, KafkaError>) {
        requests.removeFirst().finish(result)
        noRequestSince = MonotonicTime.now
    }

    private func takeEnds() -> ConsumerEvent? {
        let ends = collector.takeEnds().filter { reading.contains($0.key) }
        guard !ends.isEmpty else { return nil }
        nextEnds = MonotonicTime.after(.seconds(1))
        return .ends(ends)
    }

    /// Polls librdkafka while the owner doesn't, so that a rebalance never waits for the owner (the
    /// whole group would), and `max.poll.interval.ms` isn't exceeded. Records that come are kept
    /// for the next request; where they are enough, the partitions are held back.
    private func keepMembership() {
        guard requests.isEmpty, !isClosing else { return }
        let isOwnerLate = MonotonicTime.now > noRequestSince + 1_000_000_000
        guard isOwnerLate || reading.isSubset(of: paused) else { return }
        // A rebalance comes behind the records in librdkafka's queue.
        for _ in 0..<10_000 {
            if collector.isFull { holdBack() }
            guard collector.pollOnce(handle.pointer, milliseconds: 0) else { break }
        }
        recordRebalances()
    }

    private func holdBack() {
        let new = reading.subtracting(paused).subtracting(held)
        guard !new.isEmpty else { return }
        let list = PartitionList(new)
        let code = rd_kafka_pause_partitions(handle.pointer, list.pointer)
        if code == RD_KAFKA_RESP_ERR_NO_ERROR { held.formUnion(new) }
    }

    private func endHold() {
        let ours = held.intersection(reading).subtracting(paused)
        held = []
        guard !ours.isEmpty else { return }
        let list = PartitionList(ours)
        rd_kafka_resume_partitions(handle.pointer, list.pointer)
    }

    private func recordRebalances() {
        let notices = rebalances.take()
        if !notices.isEmpty { record(notices, dropping: &collector) }
    }

    private func recordRebalances(dropping collector: inout RecordCollector) -> Bool {
        let notices = rebalances.take()
        if !notices.isEmpty { record(notices, dropping: &collector) }
        return !notices.isEmpty
    }

    private func record(
        _ notices: [RebalanceInbox.Notice], dropping collector: inout RecordCollector
    ) {
        for notice in notices {
            switch notice {
            case .assigned(let partitions):
                granted = Set(partitions)
                events.append(.success(.assigned(partitions.sorted())))
            case .revoked(let partitions, let lost):
                granted = nil
                events.append(.success(.revoked(partitions.sorted(), lost: lost)))
            case .failed(let error):
                granted = nil
                events.append(.failure(error))
            }
            reading = []
            // librdkafka keeps a pause across an assignment: the next one ends it.
            paused.formUnion(held)
            held = []
            collector.dropAll()
        }
    }

    private func leave() {
        for job in jobs.end() { job(self) }
        for request in requests { request.finish(.failure(.closed("consumer"))) }
        rebalances.beginClosing()
        // Otherwise closing would wait for an assignment that gets no offsets any more.
        rd_kafka_assign(handle.pointer, nil)
        leaveGroup(until: MonotonicTime.after(.milliseconds(2_500)))
        handle.destroy(keeping: jobs.wakeUp)
    }

    /// Sends LeaveGroup, so that the group needn't wait for the session's end. Doesn't wait beyond
    /// `deadline` for a broker that doesn't answer or a group that is being formed: librdkafka
    /// itself would wait five seconds.
    private func leaveGroup(until deadline: UInt64) {
        guard let queue = rd_kafka_queue_get_consumer(handle.pointer) else { return }
        defer { rd_kafka_queue_destroy(queue) }
        if let error = rd_kafka_consumer_close_queue(handle.pointer, queue) {
            return rd_kafka_error_destroy(error)
        }
        while rd_kafka_consumer_closed(handle.pointer) == 0 && MonotonicTime.now < deadline {
            collector.pollOnce(handle.pointer, milliseconds: 20)
            collector.dropAll()
        }
    }
}
