/// The open connections of a process, by address, and which of them makes room for another: pure.
///
/// Where all places are taken, a connection of the address that holds most is closed, so that many
/// idle connections of a few addresses keep nobody out: the one that has been idle longest, else
/// the one whose request has been arriving longest. One whose request is being processed stays:
/// where an address has no other, it is the next one's turn.
struct ConnectionTable: Sendable {
    /// Names a connection.
    typealias ID = UInt64

    /// What happens on a connection.
    enum Phase: Sendable, Hashable {
        case idle(since: ContinuousClock.Instant)
        case arriving(since: ContinuousClock.Instant)
        case busy
    }

    private struct Connection {
        let address: AddressBytes?
        var phase: Phase
    }

    private var connections: [ID: Connection] = [:]
    private var byAddress: [AddressBytes: Set<ID>] = [:]
    private var lastID: ID = 0

    var count: Int { connections.count }

    func count(of address: AddressBytes) -> Int { byAddress[address]?.count ?? 0 }

    /// - Parameter address: `nil` for one of a proxy of ours, which is never chosen.
    mutating func add(_ address: AddressBytes?, _ phase: Phase) -> ID {
        lastID += 1
        connections[lastID] = Connection(address: address, phase: phase)
        if let address { byAddress[address, default: []].insert(lastID) }
        return lastID
    }

    mutating func set(_ phase: Phase, of id: ID) { connections[id]?.phase = phase }

    mutating func remove(_ id: ID) {
        guard let address = connections.removeValue(forKey: id)?.address else { return }
        byAddress[address]?.remove(id)
        if byAddress[address]?.isEmpty == true { byAddress[address] = nil }
    }

    /// The connection to close for another; `nil` where none may be: then the other is refused.
    var toClose: ID? {
        let bySize = Dictionary(grouping: byAddress.values, by: \.count)
        for size in bySize.keys.sorted(by: >) {
            let candidates = bySize[size, default: []].lazy.joined()
                .compactMap { id in connections[id]?.phase.order.map { (id: id, order: $0) } }
            if let first = candidates.min(by: { $0.order < $1.order }) { return first.id }
        }
        return nil
    }
}

extension ConnectionTable.Phase {
    /// The order of closing: idle ones first, the longest first; `nil` where it isn't closed.
    fileprivate var order: (Int, ContinuousClock.Instant)? {
        switch self {
        case .idle(let since): (0, since)
        case .arriving(let since): (1, since)
        case .busy: nil
        }
    }
}
