public import Payments

/// An order of the day, as the merchant will ask for it.
public struct PlannedOrder: Sendable, Equatable {
    /// Its place in the plan, from 0.
    public let index: Int
    /// What becomes of it.
    public let scenario: OrderScenario
    /// Who sells.
    public let merchantNo: String
    /// The merchant's number.
    public let merchantOrderNo: String
    /// How it is to be paid.
    public let product: Product
    /// What is to be paid.
    public let amount: Money
    /// What the payer sees.
    public let subject: String
    /// How long the payer has.
    public let expiresInSeconds: Int64
    /// The version of the key that signs.
    public let keyVersion: Int
    /// Whether the request names the merchant's callback address itself.
    public let namesNotifyURL: Bool
    /// Where the payer's browser returns to.
    public let returnURL: String?
    /// Given back unchanged in callbacks.
    public let attach: String?
    /// What the channel does wrong on it.
    public internal(set) var faults: ChannelFaults
}
