/// A test waited for something in vain.
struct WaitedInVain: Error, CustomStringConvertible {
    let what: String
    var description: String { "waited in vain for: \(what)" }
}

/// Looks again until `condition` holds.
func eventually(
    _ what: String, within limit: Duration = .seconds(60),
    _ condition: @Sendable () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(10))
    }
    throw WaitedInVain(what: what)
}

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
