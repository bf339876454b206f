import TestRandom
import Testing

@testable import Postgres

private final class Fake: Sendable {}

/// The pool's decisions, as data.
@Suite struct PoolStateTests {
    private typealias State = PoolState<Fake>

    private func text(_ actions: [State.Action]) -> [String] {
        actions.map { action in
            switch action {
            case .assign(_, let request): "assign \(request)"
            case .open(let failures): "open \(failures)"
            case .close: "close"
            case .refuse(let request): "refuse \(request)"
            case .finished: "finished"
            }
        }
    }

    @Test func opensNoMoreThanItsSizeAndServesInOrder() {
        var state = State(size: 2)
        #expect(text(state.request(1)) == ["open 0"])
        #expect(text(state.request(2)) == ["open 0"])
        #expect(text(state.request(3)) == [])
        let connection = Fake()
        #expect(text(state.opened(connection)) == ["assign 1"])
        #expect(text(state.opened(Fake())) == ["assign 2"])
        #expect(text(state.returned(connection, isHealthy: true)) == ["assign 3"])
        #expect(text(state.returned(connection, isHealthy: true)) == [])
        #expect(state.counts == PostgresPoolCounts(idle: 1, used: 1, opening: 0, waiting: 0))
        #expect(text(state.request(4)) == ["assign 4"])
    }

    @Test func replacesABrokenConnectionOnlyWhenARequestWaits() {
        var state = State(size: 1)
        _ = state.request(1)
        let connection = Fake()
        _ = state.opened(connection)
        _ = state.request(2)
        #expect(text(state.returned(connection, isHealthy: false)) == ["close", "open 0"])
        _ = state.opened(connection)
        #expect(text(state.returned(connection, isHealthy: false)) == ["close"])
        #expect(state.counts == PostgresPoolCounts(idle: 0, used: 0, opening: 0, waiting: 0))
    }

    @Test func retriesOneAtATimeWhileItCannotConnect() {
        var state = State(size: 5)
        for request in 1...3 as ClosedRange<UInt64> { _ = state.request(request) }
        #expect(text(state.openFailed()) == [])
        #expect(text(state.openFailed()) == [])
        #expect(text(state.openFailed()) == ["open 3"])
        #expect(text(state.request(4)) == [])
        // The server answers again: the other connections are opened at once.
        #expect(text(state.opened(Fake())) == ["assign 1", "open 0", "open 0", "open 0"])
    }

    @Test func aWithdrawnRequestIsNotServed() {
        var state = State(size: 1)
        _ = state.request(1)
        let wasWaiting = state.withdraw(1)
        let isStillWaiting = state.withdraw(1)
        #expect(wasWaiting && !isStillWaiting)
        #expect(text(state.opened(Fake())) == [])
        #expect(state.counts.idle == 1)
    }

    @Test func closingRefusesTheQueueAndWaitsForBorrowedConnections() {
        var state = State(size: 2)
        _ = state.request(1)
        _ = state.request(2)
        let connection = Fake()
        _ = state.opened(connection)
        #expect(text(state.close()) == ["refuse 2"])
        #expect(text(state.request(3)) == ["refuse 3"])
        #expect(text(state.opened(Fake())) == ["close"])
        #expect(text(state.returned(connection, isHealthy: true)) == ["close", "finished"])
    }

    /// In any order of events, no more connections than allowed exist, no request is served twice,
    /// and none waits while a connection is idle.
    @Test func randomEventsKeepTheInvariants() {
        let seed = UInt64.random(in: .min ... .max)
        print("randomEventsKeepTheInvariants: seed \(seed)")
        var random = SplitMix64(seed: seed)
        for _ in 0..<200 {
            var state = State(size: Int.random(in: 1...4, using: &random))
            var borrowed: [Fake] = []
            var opening = 0
            var next: UInt64 = 0
            var served: Set<UInt64> = []
            var isRight = true
            for _ in 0..<200 {
                let actions: [State.Action]
                switch Int.random(in: 0..<6, using: &random) {
                case 0, 1:
                    next += 1
                    actions = state.request(next)
                case 2 where opening > 0:
                    opening -= 1
                    actions = state.opened(Fake())
                case 3 where opening > 0:
                    opening -= 1
                    actions = state.openFailed()
                case 4 where !borrowed.isEmpty:
                    actions = state.returned(
                        borrowed.removeFirst(), isHealthy: Bool.random(using: &random))
                default:
                    _ = state.withdraw(UInt64.random(in: 0...next, using: &random))
                    actions = []
                }
                for action in actions {
                    switch action {
                    case .assign(let connection, let request):
                        borrowed.append(connection)
                        isRight = isRight && served.insert(request).inserted
                    case .open: opening += 1
                    default: break
                    }
                }
                let counts = state.counts
                isRight =
                    isRight && counts.idle + counts.used + counts.opening <= state.size
                    && counts.used == borrowed.count && counts.opening == opening
                    && (counts.waiting == 0 || counts.idle == 0)
                    && (counts.waiting == 0 || counts.used + counts.opening > 0)
            }
            #expect(isRight, "seed \(seed)")
        }
    }
}
