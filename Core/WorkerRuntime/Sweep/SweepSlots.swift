/// Counts a sweep's running jobs, in all and by lane.
actor SweepSlots {
    private let limit: Int
    private let laneLimit: Int
    private var total = 0
    private var lanes: [String: Int] = [:]
    private var waiter: CheckedContinuation<Void, Never>?
    private var isStopping = false

    init(limit: Int, laneLimit: Int) {
        self.limit = limit
        self.laneLimit = laneLimit
    }

    /// How many more jobs may run.
    var room: Int { limit - total }

    /// The lanes that have no room.
    var fullLanes: [String] { lanes.filter { $0.value >= laneLimit }.map(\.key) }

    func acquire(_ lane: String) {
        total += 1
        lanes[lane, default: 0] += 1
    }

    func release(_ lane: String) {
        total -= 1
        lanes[lane, default: 1] -= 1
        if lanes[lane] == 0 { lanes[lane] = nil }
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
