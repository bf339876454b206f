import Foundation
import Synchronization

/// Where a listener's users and its thread meet: who listens to what, and a pair of sockets to
/// wake the thread.
final class ListenerBoard: Sendable {
    typealias Stream = AsyncStream<PostgresNotification>.Continuation
    typealias Waiter = CheckedContinuation<Result<Void, PostgresError>, Never>

    private struct State {
        var streams: [String: [UInt64: Stream]] = [:]
        var waiters: [(channel: String, waiter: Waiter)] = []
        var nextStream: UInt64 = 0
        var isStopped = false
    }

    private let state = Mutex(State())
    let wakeReader: Int32
    private let wakeWriter: Int32

    init() throws(PostgresError) {
        var descriptors: [Int32] = [-1, -1]
        let type = SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue
        guard socketpair(AF_UNIX, Int32(type), 0, &descriptors) == 0 else {
            throw PostgresError(.connection("no socket pair for the listener: errno \(errno)"))
        }
        wakeReader = descriptors[0]
        wakeWriter = descriptors[1]
    }

    deinit {
        Foundation.close(wakeReader)
        Foundation.close(wakeWriter)
    }

    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// The channels somebody listens to.
    var channels: Set<String> { Set(state.withLock { $0.streams.keys }) }

    func subscribe(_ channel: String, _ stream: Stream, _ waiter: Waiter) {
        let number: UInt64? = state.withLock { state in
            guard !state.isStopped else { return nil }
            state.nextStream += 1
            state.streams[channel, default: [:]][state.nextStream] = stream
            state.waiters.append((channel, waiter))
            return state.nextStream
        }
        guard let number else {
            stream.finish()
            waiter.resume(returning: .failure(PostgresError(.closed("the listener is closed"))))
            return
        }
        stream.onTermination = { [weak self] _ in self?.unsubscribe(channel, number) }
        wake()
    }

    private func unsubscribe(_ channel: String, _ number: UInt64) {
        state.withLock { state in
            state.streams[channel]?[number] = nil
            if state.streams[channel]?.isEmpty == true { state.streams[channel] = nil }
        }
        wake()
    }

    /// Those who wait for a channel that is listened to now can go on.
    func confirm(_ channels: Set<String>) {
        let ready = state.withLock { state in
            let ready = state.waiters.filter { channels.contains($0.channel) }
            state.waiters.removeAll { channels.contains($0.channel) }
            return ready
        }
        for entry in ready { entry.waiter.resume(returning: .success(())) }
    }

    func deliver(_ notification: PostgresNotification) {
        let streams = state.withLock { $0.streams[notification.channel]?.values.map { $0 } }
        for stream in streams ?? [] { stream.yield(notification) }
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        wake()
    }

    /// The thread's last act: ends every stream and fails who still waits.
    func finish() {
        let (streams, waiters) = state.withLock { state in
            defer {
                state.streams = [:]
                state.waiters = []
            }
            return (state.streams.values.flatMap(\.values), state.waiters)
        }
        for stream in streams { stream.finish() }
        for entry in waiters {
            entry.waiter.resume(
                returning: .failure(PostgresError(.closed("the listener is closed"))))
        }
    }

    func drainWakes() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(wakeReader, &bytes, bytes.count) > 0 {}
    }

    private func wake() {
        var byte: UInt8 = 1
        // A full one wakes as well.
        _ = write(wakeWriter, &byte, 1)
    }
}
