/// How much of the deliveries in flight each party, and each host or address, may have.
///
/// A party's window grows by one with each prompt reply and shrinks when it replies slowly or not
/// at all, so a party that hangs soon holds a single slot, by however many URLs it is reached.
/// After consecutive attempts without a reply it rests. What many parties send to one host or one
/// address is bounded as well.
struct ReceiverShares: Sendable {
    /// How a receiver took an attempt.
    enum Reply: Sendable {
        /// A whole response within ``promptTime``, of whatever status.
        case prompt
        /// A whole response, but a late one.
        case slow
        /// No whole response.
        case none
    }

    /// A party's window before its first reply.
    static let firstWindow = 4
    /// The largest window: a quarter of all slots.
    static let largestWindow = 64
    /// How many attempts at one host, or at one address, are in flight at once.
    static let destinationLimit = 64
    /// Within what time a reply is prompt.
    static let promptTime: Duration = .seconds(1)
    /// How many consecutive attempts without a reply make a party rest.
    static let silentLimit = 10
    /// How long it rests, in real time; then one attempt without a reply makes it rest again.
    static let rest: Duration = .seconds(10)

    private struct Party {
        var window = ReceiverShares.firstWindow
        var inFlight = 0
        var silentInARow = 0
        var restsUntil: ContinuousClock.Instant?
        var usedAt: ContinuousClock.Instant
    }

    private var parties: [String: Party] = [:]
    private var destinations: [String: Int] = [:]

    // So the number of parties is bounded by what the process has delivered to lately.
    private static let idleTime: Duration = .seconds(60)

    /// How many more attempts each party may have; ``firstWindow`` for a party that isn't named.
    func rooms(at now: ContinuousClock.Instant) -> [String: Int] {
        parties.mapValues { party in
            if let end = party.restsUntil, end > now { return 0 }
            return max(0, party.window - party.inFlight)
        }
    }

    /// Drops parties that have been idle for a minute.
    mutating func dropIdle(at now: ContinuousClock.Instant) {
        parties = parties.filter { $0.value.inFlight > 0 || now - $0.value.usedAt < Self.idleTime }
    }

    /// An attempt at a party begins.
    mutating func begin(_ partyNo: String, at now: ContinuousClock.Instant) {
        parties[partyNo, default: Party(usedAt: now)].inFlight += 1
    }

    /// It has ended.
    mutating func end(_ partyNo: String, _ reply: Reply, at now: ContinuousClock.Instant) {
        guard var party = parties[partyNo] else { return }
        party.inFlight -= 1
        party.usedAt = now
        switch reply {
        case .prompt: party.window = min(Self.largestWindow, party.window + 1)
        // Never below the first window: a receiver may be far off.
        case .slow: party.window = max(min(party.window, Self.firstWindow), party.window - 1)
        case .none: party.window = max(1, party.window / 2)
        }
        party.silentInARow = reply == .none ? party.silentInARow + 1 : 0
        if party.silentInARow >= Self.silentLimit { party.restsUntil = now + Self.rest }
        parties[partyNo] = party
    }

    /// An attempt was not made, because the destination has no room: the party's next is claimed
    /// after `pause`.
    mutating func putOff(
        _ partyNo: String, for pause: Duration, at now: ContinuousClock.Instant
    ) {
        parties[partyNo]?.inFlight -= 1
        parties[partyNo]?.usedAt = now
        parties[partyNo]?.restsUntil = now + pause
    }

    /// Takes a place at every one of `names`, hosts or addresses, or at none.
    mutating func enter(_ names: Set<String>) -> Bool {
        guard names.allSatisfy({ destinations[$0, default: 0] < Self.destinationLimit }) else {
            return false
        }
        for name in names { destinations[name, default: 0] += 1 }
        return true
    }

    /// Frees the places taken by ``enter(_:)``.
    mutating func leave(_ names: Set<String>) {
        for name in names {
            destinations[name, default: 1] -= 1
            if destinations[name] == 0 { destinations[name] = nil }
        }
    }
}
