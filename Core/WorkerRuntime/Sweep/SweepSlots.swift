/// Counts a sweep's running jobs.
actor SweepSlots {
    private let limit: Int
    private var total = 0
    private var waiter: CheckedContinuation<Void, Never>?
    private var isStopping = false

    init(limit: Int) { self.limit = limit }

    /// How many more jobs may run.
    var room: Int { limit - total }

    func acquire(_ count: Int) { total += count }

    func release() {
        total -= 1
        wake()
    }

    /// Returns when there is room, or after ``stopWaiting()``; one caller at a time.
    func waitForRoom() async {
        guard room <= 0, !isStopping else { return }
        await withCheckedContinuation { waiter = $0 }
    }

    /// Ends the wait for room, now and later.
    func stopWaiting() {
        isStopping = true
        wake()
    }

    /// Returns when no job runs, at the latest after `limit`; one caller at a time.
    func waitUntilIdle(within limit: Duration) async {
        let end = ContinuousClock.now + limit
        let timer = Task {
            try await Task.sleep(for: limit)
            self.wake()
        }
        defer { timer.cancel() }
        while total > 0 && ContinuousClock.now < end {
            await withCheckedContinuation { waiter = $0 }
        }
    }

    private func wake() {
        waiter?.resume()
        waiter = nil
    }
}
