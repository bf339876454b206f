import CRdKafka

/// Makes librdkafka's main thread check its timers once a second.
///
/// That thread waits by the wall clock: after a clock set back by an hour it would send no
/// heartbeat for an hour, and the group would assign its partitions to other members.
struct MainThreadWake {
    private var next: UInt64 = 0

    mutating func wakeIfDue(_ handle: ClientHandle) {
        let now = MonotonicTime.now
        guard now >= next else { return }
        next = now + 1_000_000_000
        // The cheapest call that the main thread itself must answer.
        if let memberID = rd_kafka_memberid(handle.pointer) {
            rd_kafka_mem_free(handle.pointer, memberID)
        }
    }
}
