import CRdKafka

/// A reader on its own thread. Created, used and released on that one thread.
final class ReaderLoop {
    typealias Jobs = ClientJobs<ReaderLoop>

    /// A caller that waits until the positions are known.
    struct PositionWaiter: Sendable {
        let deadline: UInt64
        let continuation: CheckedContinuation<Result<Void, KafkaError>, Never>
    }

    /// The phase of resolving the start offsets.
    ///
    /// End offsets are taken from fetch responses. ListOffsets may return less: the embedded broker
    /// returns the start of the last batch.
    private enum Phase {
        /// Looks up the topics' partitions.
        case finding
        /// Fetches from the beginning, drops the records, and waits for every end offset.
        case measuring
        /// Passes records to polls.
        case reading
    }

    private let handle: ClientHandle
    private let jobs: Jobs
    private let topics: [String]
    private let start: KafkaReader.Start
    private var phase = Phase.finding
    private var partitions: Set<TopicPartition> = []
    private var collector: RecordCollector
    private var requests: [PollRequest<[KafkaRecord]>] = []
    private var waiters: [PositionWaiter] = []
    private var isClosing = false
    private var nextLook: UInt64 = 0
    private var lookupFailure: KafkaError?
    private var prober = ConnectionProber()
    private var timerWake = MainThreadWake()

    init(
        _ handle: ClientHandle, _ jobs: Jobs, topics: [String], from start: KafkaReader.Start,
        batchBytes: Int
    ) {
        self.handle = handle
        self.jobs = jobs
        self.topics = topics
        self.start = start
        collector = RecordCollector(byteLimit: batchBytes, wakeUp: jobs.wakeUp)
        jobs.wakeUp.watch(rd_kafka_queue_get_consumer(handle.pointer))
    }

    /// Runs until ``beginClosing()``; the client is destroyed when it returns.
    func run() {
        while !isClosing {
            for job in jobs.take() { job(self) }
            prober.probeIfDue(handle)
            timerWake.wakeIfDue(handle)
            look()
            measure()
            if !requests.isEmpty && phase == .reading {
                serve()
            } else {
                // Polls also deliver librdkafka's errors, e.g. of unavailable brokers.
                if phase != .reading { drain() }
                jobs.wait(milliseconds: phase == .reading && waiters.isEmpty ? 500 : 10)
            }
            answerLate()
        }
        end()
    }

    // MARK: The owner's requests

    func add(_ request: PollRequest<[KafkaRecord]>) { requests.append(request) }

    func add(_ waiter: PositionWaiter) { waiters.append(waiter) }

    func beginClosing() { isClosing = true }

    func endOffsets() -> [TopicPartition: Int64] { handle.endOffsets(of: partitions) }

    // MARK: The thread's work

    /// Finds the topics' partitions, at first and then once a minute.
    private func look() {
        guard MonotonicTime.now >= nextLook else { return }
        do throws(KafkaError) {
            let found = try handle.partitions(of: topics)
            let added = found.subtracting(partitions)
            if !added.isEmpty { try begin(added) }
            lookupFailure = nil
            nextLook = MonotonicTime.after(.seconds(60))
        } catch {
            lookupFailure = error
            nextLook = MonotonicTime.after(.milliseconds(phase == .finding ? 250 : 10_000))
        }
    }

    /// Reads the added partitions from their start offsets, else from their beginning: records of a
    /// partition created later are all new.
    private func begin(_ added: Set<TopicPartition>) throws(KafkaError) {
        var offsets: [TopicPartition: Int64] = [:]
        if case .at(let places) = start { offsets = places }
        let positions = added.map { ($0, offsets[$0] ?? KafkaOffset.beginning) }
        let list = PartitionList(Dictionary(positions) { first, _ in first })
        if let error = rd_kafka_incremental_assign(handle.pointer, list.pointer) {
            throw KafkaError(taking: error)
        }
        partitions.formUnion(added)
        guard phase == .finding else { return }
        if case .end = start { phase = .measuring } else { phase = .reading }
    }

    /// Moves to the end offsets once all are known.
    private func measure() {
        guard phase != .finding, phase == .measuring || !waiters.isEmpty else { return }
        let ends = endOffsets()
        guard ends.count == partitions.count else { return }
        handle.status.recordAnswer()
        if phase == .measuring {
            let list = PartitionList(ends)
            let code = rd_kafka_assign(handle.pointer, list.pointer)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                lookupFailure = KafkaError(code)
                return
            }
            collector.dropAll()
            phase = .reading
        }
        for waiter in waiters { waiter.continuation.resume(returning: .success(())) }
        waiters = []
    }

    private func drain() {
        collector.pollOnce(handle.pointer, milliseconds: 0)
        collector.dropAll()
    }

    private func serve() {
        guard let request = requests.first else { return }
        if let fatal = handle.status.fatalError {
            return requests.removeFirst().finish(.failure(fatal))
        }
        let outcome = collector.collect(
            from: handle.pointer, for: request, sliceMilliseconds: waiters.isEmpty ? 50 : 10
        ) { _ in false }
        guard outcome == .ready else { return }
        handle.status.recordAnswer()
        requests.removeFirst().finish(collector.take(request.maxRecords))
    }

    /// Answers requests whose deadline has passed.
    private func answerLate() {
        let now = MonotonicTime.now
        while let request = requests.first, request.deadline <= now {
            requests.removeFirst()
            let isLost = phase == .finding
            request.finish(
                isLost ? lookupFailure.map { .failure($0) } ?? .success([]) : .success([]))
        }
        let late = waiters.filter { $0.deadline <= now }
        waiters.removeAll { $0.deadline <= now }
        for waiter in late {
            let reason = lookupFailure.map { "\($0)" } ?? "no fetch response yet"
            let error = KafkaError(
                RD_KAFKA_RESP_ERR__TIMED_OUT,
                reason: "the start offsets of \(topics.joined(separator: ", ")) can't be resolved: "
                    + reason)
            waiter.continuation.resume(returning: .failure(error))
        }
    }

    private func end() {
        for job in jobs.end() { job(self) }
        for request in requests { request.finish(.failure(.closed("reader"))) }
        for waiter in waiters {
            waiter.continuation.resume(returning: .failure(.closed("reader")))
        }
        rd_kafka_assign(handle.pointer, nil)
        rd_kafka_consumer_close(handle.pointer)
        handle.destroy(keeping: jobs.wakeUp)
    }
}
