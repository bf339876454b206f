import Synchronization
import WorkerRuntime

/// The open connections of a process, bounded in all and by address.
final class ConnectionCounts: Sendable {
    /// A connection that is counted.
    struct Place: Sendable {
        fileprivate let address: AddressBytes?
    }

    private struct State {
        var all = 0
        var byAddress: [AddressBytes: Int] = [:]
    }

    private let state = Mutex(State())
    private let limits: GatewayLimits
    private let clients: ClientAddress
    private let refused: Counter
    private let late: Counter

    init(_ limits: GatewayLimits, metrics: MetricsRegistry) {
        self.limits = limits
        clients = ClientAddress(trustedProxies: limits.trustedProxies)
        let help = "Connections that the gateway closed, by cause: over the limit, or late."
        refused = metrics.counter(
            "tally_gateway_connections_closed_total", help: help, labels: ["cause": "limit"])
        late = metrics.counter(
            "tally_gateway_connections_closed_total", help: help, labels: ["cause": "late"])
        metrics.gauge("tally_gateway_connections", help: "Open connections.") { [weak self] in
            Double(self?.count ?? 0)
        }
    }

    /// How many are open.
    var count: Int { state.withLock { $0.all } }

    /// Counts a connection.
    /// - Returns: `nil` beyond a limit: it is to be closed.
    func enter(from address: String?) -> Place? {
        // A proxy's connections are of many callers.
        let caller =
            clients.isTrusted(address) ? nil : address.flatMap(AddressBytes.init)?.caller
        let isAdmitted = state.withLock { state in
            guard state.all < limits.connections else { return false }
            if let caller {
                guard state.byAddress[caller, default: 0] < limits.connectionsPerAddress else {
                    return false
                }
                state.byAddress[caller, default: 0] += 1
            }
            state.all += 1
            return true
        }
        guard isAdmitted else {
            refused.increment()
            return nil
        }
        return Place(address: caller)
    }

    func leave(_ place: Place) {
        state.withLock { state in
            state.all -= 1
            guard let address = place.address else { return }
            let left = state.byAddress[address, default: 1] - 1
            state.byAddress[address] = left > 0 ? left : nil
        }
    }

    /// A connection was closed because a request didn't come whole in time, or it was idle.
    func closedLate() { late.increment() }
}
