/// Why an observation can't be of this order: it becomes a dead letter and an alert, never a state.
public enum OrderMismatch: Sendable, Hashable {
    /// It has another order number.
    case order(expected: String, seen: String)
    /// The trade has another amount.
    case amount(expected: Money, seen: Money)
    /// The money went to another payee.
    case seller(expected: String, seen: String)
    /// The trade was made with another app.
    case app(expected: String, seen: String)
    /// More was refunded than paid.
    case overRefund(amount: Money, refunded: Money)
    /// A refund below zero.
    case negativeRefund(Money)

    /// The stable code for tables, metrics and dead letters.
    public var reason: String {
        switch self {
        case .order: "order_mismatch"
        case .amount: "amount_mismatch"
        case .seller: "seller_mismatch"
        case .app: "app_mismatch"
        case .overRefund: "over_refund"
        case .negativeRefund: "negative_refund"
        }
    }
}

extension OrderMismatch: CustomStringConvertible {
    /// The expected and the observed value.
    public var description: String {
        switch self {
        case .order(let expected, let seen):
            "the message is about order \(seen), not \(expected)"
        case .amount(let expected, let seen):
            "the channel's trade is of \(seen), the order of \(expected); "
                + "compare both at the channel before replaying"
        case .seller(let expected, let seen):
            "the channel's payee is \(seen), the order's \(expected)"
        case .app(let expected, let seen):
            "the channel's app is \(seen), the order's \(expected)"
        case .overRefund(let amount, let refunded):
            "refunds of \(refunded) are more than the payment of \(amount)"
        case .negativeRefund(let refund):
            "a refund of \(refund) is below zero"
        }
    }
}
