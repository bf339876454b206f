import Store

/// How many deliveries each party may have in flight.
///
/// A party's window grows by one with each prompt reply and shrinks when it replies slowly or not
/// at all, so a party that hangs soon holds a single slot, by however many URLs it is reached.
/// After consecutive attempts without a reply it is paused. However many parties have grown large,
/// a quarter of all slots is left to those that have few in flight.
struct ReceiverWindows: Sendable {
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
    /// How many deliveries are in flight at once, of all parties.
    static let slots = 256
    /// Of them, how many parties together may have beyond their first windows.
    static let slotsBeyondFirst = 192
    /// Within what time a reply is prompt.
    static let promptTime: Duration = .seconds(1)
    /// After how many consecutive attempts without a reply a party is paused.
    static let silentLimit = 10
    /// For how long, in real time; then one attempt without a reply pauses it again.
    static let pause: Duration = .seconds(10)

    private struct Party {
        var window = ReceiverWindows.firstWindow
        var inFlight = 0
        var consecutiveSilences = 0
        var pausedUntil: ContinuousClock.Instant?
        var usedAt: ContinuousClock.Instant
    }

    private var parties: [String: Party] = [:]

    // So the number of parties is bounded by what the process has delivered to lately.
    private static let idleTime: Duration = .seconds(60)

    /// What each party may have; its whole first window one that isn't named.
    func rooms(at now: ContinuousClock.Instant) -> [String: ClaimDeliveries.Room] {
        parties.mapValues { party in
            let isPaused = party.pausedUntil.map { $0 > now } ?? false
            let more = isPaused ? 0 : max(0, party.window - party.inFlight)
            let first = min(more, max(0, Self.firstWindow - party.inFlight))
            return .init(first: first, beyond: more - first, inFlight: party.inFlight)
        }
    }

    /// How many more all parties together may have beyond their first windows.
    var roomBeyond: Int {
        let taken = parties.values.reduce(0) { $0 + max(0, $1.inFlight - Self.firstWindow) }
        return max(0, Self.slotsBeyondFirst - taken)
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
        party.consecutiveSilences = reply == .none ? party.consecutiveSilences + 1 : 0
        if party.consecutiveSilences >= Self.silentLimit { party.pausedUntil = now + Self.pause }
        parties[partyNo] = party
    }

    /// An attempt was not made, because the destination has no room: the party's next is claimed
    /// after `pause`.
    mutating func putOff(
        _ partyNo: String, for pause: Duration, at now: ContinuousClock.Instant
    ) {
        parties[partyNo]?.inFlight -= 1
        parties[partyNo]?.usedAt = now
        parties[partyNo]?.pausedUntil = now + pause
    }
}
