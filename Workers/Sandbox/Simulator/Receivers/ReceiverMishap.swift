/// A certain behaviour of one party for every event of one order.
public struct ReceiverMishap: Sendable, Equatable {
    /// The receiver: an agent or a merchant.
    public let partyNo: String
    /// The merchant's number of the order.
    public let merchantOrderNo: String
    /// The behaviour.
    public let behaviour: ReceiverBehaviour

    /// A behaviour that replaces the drawn one.
    public init(partyNo: String, merchantOrderNo: String, behaviour: ReceiverBehaviour) {
        self.partyNo = partyNo
        self.merchantOrderNo = merchantOrderNo
        self.behaviour = behaviour
    }
}
