/// Probes the brokers once a second while none is connected.
struct ConnectionProber {
    private var next: UInt64 = 0

    mutating func probeIfDue(_ handle: ClientHandle) {
        guard !handle.status.isConnected else { return }
        let now = MonotonicTime.now
        guard now >= next else { return }
        handle.probe(milliseconds: 200)
        next = MonotonicTime.now + 1_000_000_000
    }
}
