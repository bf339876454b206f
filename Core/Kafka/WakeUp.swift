import CRdKafka
import Glibc

/// What a client's thread sleeps on: whoever has something for it wakes it, and so does one of
/// librdkafka's queues that is no longer empty.
///
/// A descriptor, because `poll` counts the time by itself. librdkafka's own waits, and those of
/// semaphores, end by the wall clock: where that is set back by an hour, an hour too late.
final class WakeUp: Sendable {
    // -1 where the process has no descriptor left: then each wait takes its whole time.
    private let descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Ends the wait under way, or the next.
    func signal() { _ = eventfd_write(descriptor, 1) }

    /// Blocks until there is a signal, or until the time is up; whether there was one.
    @discardableResult
    func wait(milliseconds: Int32) -> Bool {
        var interest = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&interest, 1, milliseconds) > 0 else { return false }
        var count: eventfd_t = 0
        return eventfd_read(descriptor, &count) == 0
    }

    /// Has a queue signal; must outlive the queue's client. Takes over the queue's reference.
    func watch(_ queue: OpaquePointer?) {
        guard let queue, descriptor >= 0 else { return }
        withUnsafeBytes(of: UInt64(1)) {
            rd_kafka_queue_io_event_enable(queue, descriptor, $0.baseAddress, $0.count)
        }
        rd_kafka_queue_destroy(queue)
    }
}
