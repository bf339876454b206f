import CRdKafka
import Glibc

/// The event that a client's thread waits on: signalled by other threads, and by librdkafka's
/// queues that become non-empty.
///
/// An eventfd, because `poll` measures its time-out by the monotonic clock. librdkafka's own waits,
/// and those of semaphores, use the wall clock: set back by an hour, they end an hour late.
final class WakeUp: Sendable {
    // -1 where the process has no descriptor left: then each wait lasts its whole time.
    private let descriptor = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Ends the current wait, or the next.
    func signal() { _ = eventfd_write(descriptor, 1) }

    /// Blocks until there is a signal, or until the time is up. Returns whether there was one.
    @discardableResult
    func wait(milliseconds: Int32) -> Bool {
        var interest = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&interest, 1, milliseconds) > 0 else { return false }
        var count: eventfd_t = 0
        return eventfd_read(descriptor, &count) == 0
    }

    /// Makes a queue signal this event, which must outlive the queue's client. Releases the queue.
    func watch(_ queue: OpaquePointer?) {
        guard let queue, descriptor >= 0 else { return }
        withUnsafeBytes(of: UInt64(1)) {
            rd_kafka_queue_io_event_enable(queue, descriptor, $0.baseAddress, $0.count)
        }
        rd_kafka_queue_destroy(queue)
    }
}
