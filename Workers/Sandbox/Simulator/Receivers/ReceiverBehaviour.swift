/// How a party's system replies to the deliveries of one event.
public enum ReceiverBehaviour: Sendable, Equatable {
    /// Acknowledges at once.
    case acknowledges
    /// Fails the first attempts: with status 500, or with the body `fail`.
    case failsFirst(Int, withStatus500: Bool)
    /// Holds the first attempt until the caller's time limit, or for some seconds.
    case hangsFirst
    /// Never acknowledges.
    case neverAcknowledges

    /// The behaviour that a seed draws for an order's event at a party.
    public static func of(
        seed: UInt64, partyNo: String, merchantOrderNo: String, event: String
    ) -> ReceiverBehaviour {
        var random = SeededRandom(
            seed: seed, label: "receiver|\(partyNo)|\(merchantOrderNo)|\(event)")
        switch random.number(in: 0...9999) {
        case 0..<30: return .neverAcknowledges
        case 30..<40: return .hangsFirst
        case 40..<540:
            return .failsFirst(
                Int(random.number(in: 1...3)), withStatus500: random.number(in: 0...1) == 0)
        default: return .acknowledges
        }
    }
}
