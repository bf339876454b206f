import Channels
import Foundation
import NIOCore
import Synchronization

/// Resolves callback hosts on threads of its own, with a time limit that covers a name server that
/// hangs; answers are kept for a minute.
///
/// `getaddrinfo` blocks and can't be cancelled: a caller stops waiting at the limit, and the thread
/// goes on. So the threads are bounded, and of them those of one party's names.
final class HostResolver: Sendable {
    /// Blocks until the name is resolved.
    typealias Lookup = @Sendable (_ host: String) throws -> [SocketAddress]

    /// Why a host has no address.
    enum Failure: Error, Equatable {
        /// No such name, or no answer within the limit.
        case unresolved(String)
        /// So many names are being resolved, of the party or of all, that this one wasn't begun.
        case busy
    }

    private struct Answer {
        let addresses: Result<[SocketAddress], Failure>
        let at: ContinuousClock.Instant
    }

    private typealias Waiter = CheckedContinuation<[SocketAddress], any Error>

    private struct State {
        var answers: [String: Answer] = [:]
        var waiting: [String: [UInt64: Waiter]] = [:]
        var owners: [String: String] = [:]
        var queue: [String] = []
        var threads = 0
        var lastID: UInt64 = 0
    }

    /// How long a caller waits.
    static let limit: Duration = .seconds(3)
    /// How many names of one party are being resolved at once.
    static let partyLimit = 4
    private static let threadLimit = 32
    // How long an answer serves; a failure; an old answer while the name can't be resolved.
    private static let freshTime: Duration = .seconds(60)
    private static let failureTime: Duration = .seconds(5)
    private static let staleTime: Duration = .seconds(3_600)
    private static let answerLimit = 10_000

    private let lookup: Lookup
    private let limit: Duration
    private let state = Mutex(State())

    /// - Parameter lookup: called on the resolver's own threads.
    init(limit: Duration = HostResolver.limit, lookup: @escaping Lookup = SystemLookup.addresses) {
        self.limit = limit
        self.lookup = lookup
    }

    /// Every address of a host, at least one, without a port.
    /// - Parameter party: whose callback host it is.
    /// - Throws: ``Failure``.
    func addresses(of host: String, for party: String) async throws -> [SocketAddress] {
        if let literal = try? SocketAddress(ipAddress: host, port: 0) { return [literal] }
        let known = state.withLock { $0.answers[host] }
        if let fresh = Self.fresh(known) { return fresh }
        let age = known.map { ContinuousClock.now - $0.at }
        if case .failure(let failure)? = known?.addresses, let age, age < Self.failureTime {
            throw failure
        }
        do {
            return try await withTimeLimit(limit) { try await self.wait(host, party) }
        } catch {
            // A name server that fails must not stop deliveries to a receiver that is known.
            if case .success(let addresses)? = known?.addresses, let age, age < Self.staleTime,
                !Task.isCancelled
            {
                return addresses
            }
            if error is TimeLimitExceeded {
                // Others' name servers are no fault of this one.
                if dropUnbegun(host) { throw Failure.busy }
                throw Failure.unresolved("no answer of the name server within \(limit)")
            }
            throw error
        }
    }

    private static func fresh(_ answer: Answer?) -> [SocketAddress]? {
        guard let answer, ContinuousClock.now - answer.at < freshTime else { return nil }
        return try? answer.addresses.get()
    }

    /// Waits for the lookup of a host that runs, or begins one.
    private func wait(_ host: String, _ party: String) async throws -> [SocketAddress] {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                let outcome = state.withLock { state -> Result<[SocketAddress], any Error>? in
                    guard !Task.isCancelled else { return .failure(CancellationError()) }
                    if state.owners[host] == nil {
                        // A lookup may have ended since the caller looked.
                        if let fresh = Self.fresh(state.answers[host]) { return .success(fresh) }
                        let own = state.owners.values.count { $0 == party }
                        guard own < Self.partyLimit else { return .failure(Failure.busy) }
                        state.owners[host] = party
                        state.queue.append(host)
                        startThread(&state)
                    }
                    state.waiting[host, default: [:]][id] = waiter
                    return nil
                }
                if let outcome { waiter.resume(with: outcome) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiting[host]?.removeValue(forKey: id) }
            waiter?.resume(throwing: CancellationError())
        }
    }

    /// Removes a host from the queue that nobody waits for any more.
    /// - Returns: whether its lookup hadn't begun.
    private func dropUnbegun(_ host: String) -> Bool {
        state.withLock { state in
            guard let index = state.queue.firstIndex(of: host) else { return false }
            if state.waiting[host]?.isEmpty != false {
                state.queue.remove(at: index)
                state.owners[host] = nil
                state.waiting[host] = nil
            }
            return true
        }
    }

    private func startThread(_ state: inout State) {
        guard state.threads < Self.threadLimit else { return }
        state.threads += 1
        Thread.detachNewThread { self.work() }
    }

    /// Resolves until nothing is queued.
    private func work() {
        while let host = next() {
            let result: Result<[SocketAddress], Failure>
            do {
                let addresses = try lookup(host)
                result =
                    addresses.isEmpty
                    ? .failure(.unresolved("it has no address")) : .success(addresses)
            } catch {
                result = .failure(.unresolved("\(error)"))
            }
            let waiters = state.withLock { state in
                state.owners[host] = nil
                store(result, of: host, in: &state)
                return state.waiting.removeValue(forKey: host) ?? [:]
            }
            for waiter in waiters.values {
                waiter.resume(with: result.mapError { $0 as any Error })
            }
        }
    }

    private func next() -> String? {
        state.withLock { state in
            guard !state.queue.isEmpty else {
                state.threads -= 1
                return nil
            }
            return state.queue.removeFirst()
        }
    }

    private func store(
        _ result: Result<[SocketAddress], Failure>, of host: String, in state: inout State
    ) {
        let now = ContinuousClock.now
        if state.answers.count >= Self.answerLimit {
            state.answers = state.answers.filter { now - $0.value.at < Self.freshTime }
            if state.answers.count >= Self.answerLimit { state.answers = [:] }
        }
        // An old answer stays in place of a failure: it serves until it is too old.
        if case .failure = result, case .success? = state.answers[host]?.addresses { return }
        state.answers[host] = Answer(addresses: result, at: now)
    }
}
