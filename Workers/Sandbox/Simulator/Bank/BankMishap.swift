/// What goes wrong, for certain, with a played day's payouts to one card.
public struct BankMishap: Sendable, Equatable {
    /// What goes wrong.
    public enum Kind: Sendable, CaseIterable {
        /// The bank takes the payout; it fails with `card_closed`.
        case closesCard
        /// The bank refuses the request: the payee's name is not the card holder's.
        case refusesPayee
        /// The first request is lost before the bank takes it, and its response is HTTP 500.
        case losesRequest
    }

    /// What goes wrong.
    public let kind: Kind
    /// The merchant that is paid out to the card.
    public let merchantNo: String
    /// The card.
    public let cardNo: String

    /// A mishap at a merchant's card.
    public init(kind: Kind, merchantNo: String, cardNo: String) {
        self.kind = kind
        self.merchantNo = merchantNo
        self.cardNo = cardNo
    }
}
