import CRdKafka

/// Has librdkafka's main thread look at its timers once a second.
///
/// It sleeps by the wall clock, too: set back by an hour it would send no heartbeat for an hour,
/// and the group, which has given its partitions to others, would not be joined again.
struct MainThreadNudge {
    private var next: UInt64 = 0

    mutating func nudgeIfDue(_ handle: ClientHandle) {
        let now = MonotonicTime.now
        guard now >= next else { return }
        next = now + 1_000_000_000
        // The cheapest thing that the main thread itself must answer.
        if let memberID = rd_kafka_memberid(handle.pointer) {
            rd_kafka_mem_free(handle.pointer, memberID)
        }
    }
}
