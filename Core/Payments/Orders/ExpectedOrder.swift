/// What an order was made with: what observations of its trade are held against.
public struct ExpectedOrder: Sendable, Hashable {
    /// Our order number.
    public let orderNo: String
    /// The order's amount.
    public let amount: Money
    /// The app it was made with.
    public let appID: String
    /// The payee; empty where the account that it was made with names none: then it isn't checked.
    public let sellerID: String
    /// When it ends unpaid.
    public let expiresAt: Timestamp
    /// Whether its merchant, or we, asked for it to be closed.
    public let closeRequested: Bool

    /// What an order was made with.
    public init(
        orderNo: String, amount: Money, appID: String, sellerID: String, expiresAt: Timestamp,
        closeRequested: Bool = false
    ) {
        self.orderNo = orderNo
        self.amount = amount
        self.appID = appID
        self.sellerID = sellerID
        self.expiresAt = expiresAt
        self.closeRequested = closeRequested
    }

    /// What in an observation doesn't fit this order, if anything.
    ///
    /// An answer that there is no trade says nothing of one, so only its order number is checked.
    func mismatch(with observation: ChannelObservation) -> OrderMismatch? {
        if observation.orderNo != orderNo {
            return .order(expected: orderNo, seen: observation.orderNo)
        }
        if observation.kind == .notFound { return nil }
        if let seen = observation.amount, seen != amount {
            return .amount(expected: amount, seen: seen)
        }
        if let seen = observation.sellerID, !sellerID.isEmpty, seen != sellerID {
            return .seller(expected: sellerID, seen: seen)
        }
        if let seen = observation.appID, seen != appID {
            return .app(expected: appID, seen: seen)
        }
        return nil
    }
}
