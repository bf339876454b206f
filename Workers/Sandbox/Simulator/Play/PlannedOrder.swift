public import Payments

/// An order of the day, as the merchant submits it.
public struct PlannedOrder: Sendable, Equatable {
    /// Its place in the plan, from 0.
    public let index: Int
    /// What happens to it.
    public let scenario: OrderScenario
    /// The merchant's party number.
    public let merchantNo: String
    /// The merchant's number of the order.
    public let merchantOrderNo: String
    /// How it is paid: PC, WAP or APP.
    public let product: Product
    /// The amount to pay.
    public let amount: Money
    /// The text that the payer sees.
    public let subject: String
    /// How long it can be paid.
    public let expiresInSeconds: Int64
    /// The version of the key that signs.
    public let keyVersion: Int
    /// Whether the request names the merchant's callback address itself.
    public let namesNotifyURL: Bool
    /// The return address of the payer's browser.
    public let returnURL: String?
    /// Returned unchanged in deliveries.
    public let attach: String?
    /// The faults that the channel injects into its trade.
    public internal(set) var faults: ChannelFaults
}
