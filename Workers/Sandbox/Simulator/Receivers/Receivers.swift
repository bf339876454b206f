/// The agents' and merchants' systems: what they received and how they behave.
public actor Receivers {
    private struct Slot: Hashable {
        let partyNo: String
        let key: String
    }

    private let seed: UInt64
    private var forced: [Slot: ReceiverBehaviour] = [:]
    private var entries: [Slot: ReceiverEntry] = [:]
    private var order: [Slot] = []
    /// How many deliveries carried a signature that wasn't the party's.
    public private(set) var refused = 0

    init(seed: UInt64) { self.seed = seed }

    /// Makes the behaviours of a day certain.
    public func force(_ mishaps: [ReceiverMishap]) {
        for mishap in mishaps {
            forced[Slot(partyNo: mishap.partyNo, key: mishap.merchantOrderNo)] =
                mishap.behaviour
        }
    }

    /// Everything received, in the order of the first attempts.
    public func log() -> [ReceiverEntry] { order.compactMap { entries[$0] } }

    /// Takes one attempt.
    func take(_ delivery: ReceivedDelivery) -> ReceiverReaction {
        guard delivery.isSigned else {
            refused += 1
            return .refuse
        }
        let slot = Slot(partyNo: delivery.partyNo, key: delivery.eventID)
        var entry =
            entries[slot]
            ?? ReceiverEntry(
                partyNo: delivery.partyNo, eventID: delivery.eventID, event: delivery.event,
                merchantOrderNo: delivery.merchantOrderNo, attempts: 0, repeats: 0,
                isAcknowledged: false)
        if entry.attempts == 0 { order.append(slot) }
        entry.attempts += 1
        let reaction: ReceiverReaction
        if entry.isAcknowledged {
            entry.repeats += 1
            reaction = .acknowledge
        } else {
            reaction = react(to: delivery, attempt: entry.attempts)
            entry.isAcknowledged = reaction == .acknowledge
        }
        entries[slot] = entry
        return reaction
    }

    private func react(to delivery: ReceivedDelivery, attempt: Int) -> ReceiverReaction {
        let slot = Slot(partyNo: delivery.partyNo, key: delivery.merchantOrderNo)
        let behaviour =
            forced[slot]
            ?? ReceiverBehaviour.of(
                seed: seed, partyNo: delivery.partyNo,
                merchantOrderNo: delivery.merchantOrderNo, event: delivery.event)
        switch behaviour {
        case .acknowledges: return .acknowledge
        case .failsFirst(let count, let withStatus500):
            guard attempt <= count else { return .acknowledge }
            return withStatus500 ? .status500 : .bodyFail
        case .hangsFirst: return attempt == 1 ? .hang : .acknowledge
        case .neverAcknowledges: return .bodyFail
        }
    }
}
