/// The agents' and merchants' systems: what they received, and their behaviour.
public actor Receivers {
    private struct Slot: Hashable {
        let partyNo: String
        let key: String
    }

    private let seed: UInt64
    private var forced: [Slot: ReceiverBehaviour] = [:]
    private var entries: [Slot: ReceiverEntry] = [:]
    private var order: [Slot] = []
    /// How many attempts carried a wrong signature.
    public private(set) var refused = 0

    init(seed: UInt64) { self.seed = seed }

    /// Makes the behaviour at some orders certain.
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
        let slot = Slot(partyNo: delivery.partyNo, key: delivery.eventID)
        if entries[slot] == nil { order.append(slot) }
        var entry = entries[slot] ?? ReceiverEntry(delivery)
        defer { entries[slot] = entry }
        entry.attempts += 1
        guard delivery.isSigned else {
            refused += 1
            entry.isVerified = false
            return .refuse
        }
        entry.amountFen = delivery.amountFen
        entry.refundedFen = delivery.refundedFen
        entry.status = delivery.status
        guard !entry.isAcknowledged else {
            entry.repeats += 1
            return .acknowledge
        }
        let reaction = react(to: delivery, attempt: entry.attempts)
        entry.isAcknowledged = reaction == .acknowledge
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
