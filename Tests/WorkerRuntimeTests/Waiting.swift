/// Something that happens once, and can be waited for.
actor Signal {
    private var isGiven = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func give() {
        isGiven = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    func wait() async {
        guard !isGiven else { return }
        await withCheckedContinuation { waiters.append($0) }
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
