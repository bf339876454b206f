/// A payout as the platform requests it.
public struct BankRequest: Sendable, Equatable, Codable {
    /// The platform's number of the payout; never used for another.
    public let payoutNo: String
    /// The amount in fen, above zero.
    public let amountFen: Int64
    /// The account's holder.
    public let payeeName: String
    /// The card or account number.
    public let payeeCardNo: String
    /// The text on the payee's statement.
    public let purpose: String

    enum CodingKeys: String, CodingKey {
        case payoutNo = "payout_no"
        case amountFen = "amount_fen"
        case payeeName = "payee_name"
        case payeeCardNo = "payee_card_no"
        case purpose
    }

    /// A request by its fields.
    public init(
        payoutNo: String, amountFen: Int64, payeeName: String, payeeCardNo: String,
        purpose: String
    ) {
        self.payoutNo = payoutNo
        self.amountFen = amountFen
        self.payeeName = payeeName
        self.payeeCardNo = payeeCardNo
        self.purpose = purpose
    }
}
