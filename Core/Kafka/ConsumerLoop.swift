import CRdKafka

/// A group's consumer on its own thread: all that librdkafka is asked is asked here.
///
/// Made, used and dropped on that one thread.
final class ConsumerLoop {
    typealias Jobs = ClientJobs<ConsumerLoop>

    private let handle: ClientHandle
    private let rebalances: RebalanceInbox
    private let jobs: Jobs
    private var collector: RecordCollector
    private var requests: [PollRequest<ConsumerEvent>] = []
    // News of the group that no poll has told yet.
    private var news: [Result<ConsumerEvent, KafkaError>] = []
    // What the group has given us; nil between a revocation and the next assignment.
    private var granted: Set<TopicPartition>?
    // What the owner has asked to be read.
    private var reading: Set<TopicPartition> = []
    private var paused: Set<TopicPartition> = []
    private var isClosing = false
    private var prober = ConnectionProber()
    private var nudge = MainThreadNudge()

    init(_ handle: ClientHandle, _ rebalances: RebalanceInbox, _ jobs: Jobs, batchBytes: Int) {
        self.handle = handle
        self.rebalances = rebalances
        self.jobs = jobs
        collector = RecordCollector(byteLimit: batchBytes, wakeUp: jobs.wakeUp)
        jobs.wakeUp.watch(rd_kafka_queue_get_consumer(handle.pointer))
    }

    /// Works until ``beginClosing()``; the client is gone when it returns.
    func run() {
        while !isClosing {
            for job in jobs.take() { job(self) }
            prober.probeIfDue(handle)
            nudge.nudgeIfDue(handle)
            if requests.isEmpty {
                jobs.wait(milliseconds: 500)
                keepMembership()
            } else {
                serve()
            }
        }
        leave()
    }

    // MARK: What the owner asks

    func add(_ request: PollRequest<ConsumerEvent>) { requests.append(request) }

    func beginClosing() { isClosing = true }

    /// Starts reading; partitions that have been revoked meanwhile are left out.
    func assign(_ positions: [TopicPartition: Int64]) throws(KafkaError) {
        noteRebalances()
        guard let granted else { return }
        let ours = positions.filter { granted.contains($0.key) }
        collector.dropAll()
        let list = PartitionList(ours)
        try KafkaError.check(rd_kafka_assign(handle.pointer, list.pointer), "reading can't begin")
        reading = Set(ours.keys)
        try setPaused(paused.intersection(reading), false)
    }

    func setPaused(_ partitions: some Sequence<TopicPartition>, _ isPaused: Bool)
        throws(KafkaError)
    {
        let ours = reading.intersection(partitions)
        guard !ours.isEmpty else { return }
        let list = PartitionList(ours)
        let call = isPaused ? rd_kafka_pause_partitions : rd_kafka_resume_partitions
        let doing = isPaused ? "reading can't be paused" : "reading can't be resumed"
        try KafkaError.check(call(handle.pointer, list.pointer), doing)
        try list.check(doing)
        if isPaused { paused.formUnion(ours) } else { paused.subtract(ours) }
    }

    func seek(_ positions: [TopicPartition: Int64]) throws(KafkaError) {
        let ours = positions.filter { reading.contains($0.key) }
        guard !ours.isEmpty else { return }
        collector.drop { ours[$0.topicPartition] != nil }
        // A partition that has only just been assigned can't be sought for some milliseconds.
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

    // MARK: What the thread does

    private func serve() {
        guard let request = requests.first else { return }
        noteRebalances()
        if let first = news.first {
            news.removeFirst()
            return finish(first)
        }
        if let fatal = handle.status.fatalError { return finish(.failure(fatal)) }
        let outcome = collector.collect(
            from: handle.pointer, for: request, sliceMilliseconds: 50
        ) { collector in
            self.noteRebalances(dropping: &collector)
        }
        switch outcome {
        case .ready:
            handle.status.noteAnswer()
            finish(collector.take(request.maxRecords).map(ConsumerEvent.records))
        case .empty where MonotonicTime.now >= request.deadline:
            finish(.success(.idle))
        case .empty, .interrupted:
            break
        }
    }

    private func finish(_ result: Result<ConsumerEvent, KafkaError>) {
        requests.removeFirst().finish(result)
    }

    /// Lets librdkafka see that its owner lives while nothing can be read anyway: so that neither
    /// looking up offsets nor a long pause costs the membership.
    private func keepMembership() {
        guard requests.isEmpty, !isClosing, reading.isSubset(of: paused) else { return }
        collector.pollOnce(handle.pointer, milliseconds: 0)
        noteRebalances()
    }

    private func noteRebalances() {
        let notices = rebalances.take()
        if !notices.isEmpty { note(notices, dropping: &collector) }
    }

    private func noteRebalances(dropping collector: inout RecordCollector) -> Bool {
        let notices = rebalances.take()
        if !notices.isEmpty { note(notices, dropping: &collector) }
        return !notices.isEmpty
    }

    private func note(
        _ notices: [RebalanceInbox.Notice], dropping collector: inout RecordCollector
    ) {
        for notice in notices {
            switch notice {
            case .assigned(let partitions):
                granted = Set(partitions)
                news.append(.success(.assigned(partitions.sorted())))
            case .revoked(let partitions, let lost):
                granted = nil
                news.append(.success(.revoked(partitions.sorted(), lost: lost)))
            case .failed(let error):
                granted = nil
                news.append(.failure(error))
            }
            reading = []
            collector.dropAll()
        }
    }

    private func leave() {
        for job in jobs.end() { job(self) }
        for request in requests { request.finish(.failure(.closed("consumer"))) }
        rebalances.beginClosing()
        // An assignment that still waits for its offsets would be waited for in vain.
        rd_kafka_assign(handle.pointer, nil)
        leaveGroup(until: MonotonicTime.after(.milliseconds(2_500)))
        handle.destroy(keeping: jobs.wakeUp)
    }

    /// Tells the group, so that it needn't wait for the session's end. A broker that doesn't
    /// answer, or a group that is being formed, isn't waited for: librdkafka alone would give it
    /// five seconds.
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
