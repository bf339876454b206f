/// A behaviour that a day wants for sure: at this party, for any event of this order.
public struct ReceiverMishap: Sendable, Equatable {
    /// The party that misbehaves.
    public let partyNo: String
    /// The order whose deliveries it treats so.
    public let merchantOrderNo: String
    /// How.
    public let behaviour: ReceiverBehaviour

    /// A mishap by its members.
    public init(partyNo: String, merchantOrderNo: String, behaviour: ReceiverBehaviour) {
        self.partyNo = partyNo
        self.merchantOrderNo = merchantOrderNo
        self.behaviour = behaviour
    }
}
