import Synchronization

/// The open connections of a server, bounded in all and by address.
final class ConnectionCounts: Sendable {
    /// A connection that is counted.
    struct Place: Sendable {
        fileprivate let id: ConnectionTable.ID
    }

    private struct State {
        var table = ConnectionTable()
        var closers: [ConnectionTable.ID: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())
    private let limits: ConnectionLimits
    private let clients: ClientAddress
    private let refused: Counter
    private let late: Counter
    private let displaced: Counter

    init(_ limits: ConnectionLimits, name: String, metrics: MetricsRegistry) {
        self.limits = limits
        clients = ClientAddress(trustedProxies: limits.trustedProxies)
        func closed(_ cause: String) -> Counter {
            metrics.counter(
                "tally_http_connections_closed_total",
                help: "Connections that a server closed: over the limit, late, or displaced.",
                labels: ["server": name, "cause": cause])
        }
        refused = closed("limit")
        late = closed("late")
        displaced = closed("displaced")
        metrics.gauge(
            "tally_http_connections", help: "Open connections.", labels: ["server": name]
        ) { [weak self] in Double(self?.count ?? 0) }
    }

    /// How many are open.
    var count: Int { state.withLock { $0.table.count } }

    /// Counts a connection, whose first request is awaited. Where all places are taken, another one
    /// is closed for it.
    /// - Parameter close: closes the connection; called from any thread, once at most.
    /// - Returns: `nil` beyond a limit: it is to be closed.
    func enter(
        from address: String?, now: ContinuousClock.Instant = .now,
        close: @escaping @Sendable () -> Void = {}
    ) -> Place? {
        // A proxy's connections are of many callers.
        let caller =
            clients.isTrusted(address) ? nil : address.flatMap(AddressBytes.init)?.caller
        let (id, closeOther) = state.withLock { state in
            if let caller, state.table.count(of: caller) >= limits.perAddress {
                return (ConnectionTable.ID?.none, (@Sendable () -> Void)?.none)
            }
            var closeOther: (@Sendable () -> Void)?
            if state.table.count >= limits.connections {
                guard let other = state.table.toClose else { return (nil, nil) }
                closeOther = state.closers.removeValue(forKey: other)
                state.table.remove(other)
            }
            let id = state.table.add(caller, .arriving(since: now))
            state.closers[id] = close
            return (id, closeOther)
        }
        guard let id else {
            refused.increment()
            return nil
        }
        if let closeOther {
            displaced.increment()
            closeOther()
        }
        return Place(id: id)
    }

    /// Records what happens on a connection.
    func set(_ phase: ConnectionTable.Phase, of place: Place) {
        state.withLock { $0.table.set(phase, of: place.id) }
    }

    func leave(_ place: Place) {
        state.withLock { state in
            state.table.remove(place.id)
            state.closers[place.id] = nil
        }
    }

    /// A connection was closed because a request didn't come whole in time, or it was idle.
    func closedLate() { late.increment() }
}
