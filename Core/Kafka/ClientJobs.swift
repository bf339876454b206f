import Synchronization

/// The queue of a client's thread: jobs in order. `Context` is the object that lives on that
/// thread.
final class ClientJobs<Context>: Sendable {
    /// A job runs on the thread and must not block for long.
    typealias Job = @Sendable (Context) -> Void

    private struct State {
        var jobs: [Job] = []
        var isOver = false
    }

    private let state = Mutex(State())
    /// The thread waits on it.
    let wakeUp = WakeUp()

    /// Adds a job; `false` after ``end()``.
    func add(_ job: @escaping Job) -> Bool {
        let isTaken = state.withLock { state in
            if !state.isOver { state.jobs.append(job) }
            return !state.isOver
        }
        if isTaken { wakeUp.signal() }
        return isTaken
    }

    /// Takes all queued jobs, without waiting.
    func take() -> [Job] {
        state.withLock { state in
            guard !state.jobs.isEmpty else { return [] }
            defer { state.jobs = [] }
            return state.jobs
        }
    }

    /// Blocks until there may be a job, or until the time is up.
    func wait(milliseconds: Int32) {
        guard state.withLock(\.jobs.isEmpty) else { return }
        wakeUp.wait(milliseconds: milliseconds)
    }

    /// Refuses jobs from now on; returns those still queued.
    func end() -> [Job] {
        state.withLock { state in
            defer { state.jobs = [] }
            state.isOver = true
            return state.jobs
        }
    }

    /// Runs `body` on the thread and returns its result; `refusal` where the thread has ended.
    func run<Value: Sendable>(
        orThrow refusal: KafkaError,
        _ body: @escaping @Sendable (Context) -> Result<Value, KafkaError>
    ) async throws(KafkaError) -> Value {
        let result: Result<Value, KafkaError> = await withCheckedContinuation { continuation in
            let isTaken = add { context in continuation.resume(returning: body(context)) }
            if !isTaken { continuation.resume(returning: .failure(refusal)) }
        }
        return try result.get()
    }
}
