/// A one-time event that can be waited for.
actor Signal {
    private(set) var isSet = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func set() {
        isSet = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    func wait() async {
        guard !isSet else { return }
        await withCheckedContinuation { waiters.append($0) }
    }

    /// The same, but throws at once where the caller is cancelled.
    func waitUnlessCancelled() async throws {
        await withTaskCancellationHandler {
            await wait()
        } onCancel: {
            Task { await resumeWaiters() }
        }
        try Task.checkCancellation()
    }

    private func resumeWaiters() {
        for waiter in waiters { waiter.resume() }
        waiters = []
    }
}

/// Counts calls.
actor Calls {
    private(set) var count = 0

    /// The number of this call, from 1.
    func next() -> Int {
        count += 1
        return count
    }
}
