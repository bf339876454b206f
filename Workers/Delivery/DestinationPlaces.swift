/// How many attempts at one host, and at one address, are in flight, whoever sends them.
///
/// A party may name another's host, or hosts of its own at another's address. So one party leaves
/// the last places of a destination to others.
struct DestinationPlaces: Sendable {
    /// Where an attempt goes.
    struct Destination: Sendable, Hashable {
        /// The callback URL's host.
        let host: String
        /// What one owner has of the address connected to: ``ReceiverAddress/share``.
        let address: String
    }

    /// The places of one host, and of one address.
    static let limit = 64
    /// The places that one party has in any case; more only while as many are left to others.
    static let partyLimit = 16

    private struct Count {
        var all = 0
        var byParty: [String: Int] = [:]
    }

    private var hosts: [String: Count] = [:]
    private var addresses: [String: Count] = [:]

    /// Takes a place at the host and at the address, or at neither.
    mutating func enter(_ destination: Destination, of partyNo: String) -> Bool {
        let counts = [hosts[destination.host], addresses[destination.address]]
        guard counts.allSatisfy({ Self.hasRoom($0, for: partyNo) }) else { return false }
        Self.add(1, of: partyNo, to: &hosts[destination.host])
        Self.add(1, of: partyNo, to: &addresses[destination.address])
        return true
    }

    /// Frees the places taken by ``enter(_:of:)``.
    mutating func leave(_ destination: Destination, of partyNo: String) {
        Self.add(-1, of: partyNo, to: &hosts[destination.host])
        Self.add(-1, of: partyNo, to: &addresses[destination.address])
    }

    private static func hasRoom(_ count: Count?, for partyNo: String) -> Bool {
        guard let count else { return true }
        let own = count.byParty[partyNo, default: 0]
        return count.all < (own < partyLimit ? limit : limit - partyLimit)
    }

    private static func add(_ number: Int, of partyNo: String, to count: inout Count?) {
        var changed = count ?? Count()
        changed.all += number
        let own = changed.byParty[partyNo, default: 0] + number
        changed.byParty[partyNo] = own > 0 ? own : nil
        count = changed.all > 0 ? changed : nil
    }
}
