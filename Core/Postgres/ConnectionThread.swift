import CDispatch
import Foundation
import Glibc
import Synchronization

/// A serial executor that owns one thread: where a connection's blocking calls run, so that none
/// of them ever blocks Swift's shared pool.
///
/// The thread keeps its executor alive and ends after `stop`, when the queued jobs are done.
final class ConnectionThread: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isStopped = false
    }

    private static let stackBytes = 2 << 20

    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)

    /// Starts the thread. Throws where the system can't create one.
    static func start() throws(PostgresError) -> ConnectionThread {
        let executor = ConnectionThread()
        let code = startThread(stackBytes: stackBytes) { executor.loop() }
        if code != 0 {
            throw PostgresError(
                .connection("can't create the connection's thread: pthread_create returned \(code)")
            )
        }
        return executor
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        state.withLock { $0.jobs.append(unowned) }
        wake.signal()
    }

    /// Ends the thread once its queue is empty. Called by the connection's deinit, after which
    /// nothing can enqueue.
    func stop() {
        state.withLock { $0.isStopped = true }
        wake.signal()
    }

    private func loop() {
        while true {
            wake.wait()
            let (jobs, isStopped) = state.withLock { state in
                let jobs = state.jobs
                state.jobs.removeAll(keepingCapacity: true)
                return (jobs, state.isStopped)
            }
            for job in jobs {
                job.runSynchronously(on: asUnownedSerialExecutor())
            }
            if isStopped && state.withLock({ $0.jobs.isEmpty }) { return }
        }
    }
}

private final class ThreadBody: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Starts a detached thread; returns 0 or the error of `pthread_create`.
func startThread(stackBytes: Int, _ body: @escaping @Sendable () -> Void) -> Int32 {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    pthread_attr_setstacksize(&attributes, stackBytes)
    pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))

    let box = Unmanaged.passRetained(ThreadBody(body))
    var thread = pthread_t()
    let code = pthread_create(
        &thread, &attributes,
        { argument in
            guard let argument else { return nil }
            Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
            return nil
        }, box.toOpaque())
    if code != 0 { box.release() }
    return code
}
