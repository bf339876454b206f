public import Payments

/// A payout to be made by the bank. Holds personal data: printing one shows none of it.
public struct PayoutOrder: Sendable, Hashable {
    /// The platform's number; never used for another payout.
    public let payoutNo: String
    /// Greater than zero.
    public let amount: Money
    /// The account's holder.
    public let payeeName: String
    /// The card or account number.
    public let payeeCardNo: String
    /// The text on the payee's statement.
    public let purpose: String

    /// A payout by its parts.
    public init(
        payoutNo: String, amount: Money, payeeName: String, payeeCardNo: String, purpose: String
    ) {
        self.payoutNo = payoutNo
        self.amount = amount
        self.payeeName = payeeName
        self.payeeCardNo = payeeCardNo
        self.purpose = purpose
    }
}

extension PayoutOrder: CustomStringConvertible, CustomReflectable {
    /// Number and amount; not the payee.
    public var description: String { "payout \(payoutNo) of \(amount)" }

    /// Nothing of the payee.
    public var customMirror: Mirror { Mirror(self, children: ["payoutNo": payoutNo]) }
}
