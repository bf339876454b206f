import CRdKafka

/// Serves a producer's delivery reports on its own thread, and destroys the client.
///
/// Created, used and released on that one thread.
final class ProducerLoop {
    typealias Jobs = ClientJobs<ProducerLoop>

    private let handle: ClientHandle
    private let queue: ProducerQueue
    private let jobs: Jobs
    private var deadline: UInt64?
    private var prober = ConnectionProber()

    init(_ handle: ClientHandle, _ queue: ProducerQueue, _ jobs: Jobs) {
        self.handle = handle
        self.queue = queue
        self.jobs = jobs
        jobs.wakeUp.watch(rd_kafka_queue_get_main(handle.pointer))
    }

    /// Runs until ``beginClosing(within:)``; the client is destroyed when it returns.
    func run() {
        while deadline == nil {
            prober.probeIfDue(handle)
            rd_kafka_poll(handle.pointer, 0)
            for job in jobs.take() { job(self) }
            if deadline == nil { jobs.wait(milliseconds: 100) }
        }
        finish()
    }

    func probe() -> Bool { handle.probe(milliseconds: 200) }

    func beginClosing(within grace: Duration) { deadline = MonotonicTime.after(grace) }

    private func finish() {
        // Every `send` in flight uses the pointer and waits for its reports: all must have returned
        // before the client is destroyed.
        while queue.messages > 0 {
            if MonotonicTime.now >= deadline ?? 0 {
                rd_kafka_purge(handle.pointer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
            }
            rd_kafka_poll(handle.pointer, 0)
            if queue.messages > 0 { jobs.wakeUp.wait(milliseconds: 20) }
        }
        _ = jobs.end()
        handle.destroy(keeping: jobs.wakeUp)
    }
}
