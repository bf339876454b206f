/// The fields of an order that an observation of its trade must match.
public struct ExpectedOrder: Sendable, Hashable {
    /// Our order number.
    public let orderNo: String
    /// The order's amount.
    public let amount: Money
    /// The app that the order was made with.
    public let appID: String
    /// The payee at the channel; empty where the channel account has none: then it isn't checked.
    public let sellerID: String
    /// Until when it can be paid.
    public let expiresAt: Timestamp
    /// The amounts of the refunds that were requested at the channel and whose outcome isn't known,
    /// by refund number.
    public let requestedRefunds: [String: Money]
    /// The same of those that the channel refused; it may prove one all the same.
    public let failedRefunds: [String: Money]

    /// The fields of one order.
    public init(
        orderNo: String, amount: Money, appID: String, sellerID: String, expiresAt: Timestamp,
        requestedRefunds: [String: Money] = [:], failedRefunds: [String: Money] = [:]
    ) {
        self.orderNo = orderNo
        self.amount = amount
        self.appID = appID
        self.sellerID = sellerID
        self.expiresAt = expiresAt
        self.requestedRefunds = requestedRefunds
        self.failedRefunds = failedRefunds
    }

    /// The first field of an observation that doesn't match this order; `nil` where all match.
    ///
    /// Of `notFound` only the order number is checked: there is no trade to compare.
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
