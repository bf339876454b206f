/// A caller that waits for records, as the thread sees it.
struct PollRequest<Value: Sendable>: Sendable {
    let maxRecords: Int
    /// When to stop waiting for a first record (``MonotonicTime``).
    let deadline: UInt64
    /// Nanoseconds to wait for more after the first.
    let linger: UInt64
    private let continuation: CheckedContinuation<Result<Value, KafkaError>, Never>

    init(
        maxRecords: Int, wait: Duration, linger: Duration,
        _ continuation: CheckedContinuation<Result<Value, KafkaError>, Never>
    ) {
        self.maxRecords = max(maxRecords, 1)
        self.deadline = MonotonicTime.after(wait)
        self.linger = UInt64(max(linger.wholeMilliseconds, 0)) * 1_000_000
        self.continuation = continuation
    }

    /// To be called once.
    func finish(_ result: Result<Value, KafkaError>) { continuation.resume(returning: result) }
}
