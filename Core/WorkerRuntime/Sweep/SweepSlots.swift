/// Counts a sweep's running jobs, in all and by lane.
actor SweepSlots {
    private let limit: Int
    private let laneLimit: Int
    private var total = 0
    private var lanes: [String: Int] = [:]
    private var waiter: CheckedContinuation<Void, Never>?
    private var isHurried = false

    init(limit: Int, laneLimit: Int) {
        self.limit = limit
        self.laneLimit = laneLimit
    }

    /// How many more jobs may run.
    var room: Int { limit - total }

    /// The lanes that have no room.
    var fullLanes: [String] { lanes.filter { $0.value >= laneLimit }.map(\.key) }

    func take(_ lane: String) {
        total += 1
        lanes[lane, default: 0] += 1
    }

    func giveBack(_ lane: String) {
        total -= 1
        lanes[lane, default: 1] -= 1
        if lanes[lane] == 0 { lanes[lane] = nil }
        wake()
    }

    /// Returns when there is room, or after ``hurry()``; one caller at a time.
    func waitForRoom() async {
        guard room <= 0, !isHurried else { return }
        await withCheckedContinuation { waiter = $0 }
    }

    /// Lets nobody wait for room any more.
    func hurry() {
        isHurried = true
        wake()
    }

    /// Returns when nothing runs, at the latest after `limit`; one caller at a time.
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
