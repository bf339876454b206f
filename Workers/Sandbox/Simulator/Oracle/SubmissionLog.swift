/// Every order that a merchant sent, with the outcome that the platform owes it.
actor SubmissionLog {
    private(set) var entries: [SubmissionEntry] = []

    func append(_ entry: SubmissionEntry) { entries.append(entry) }
}

/// A submission: a line of `submissions.jsonl`.
struct SubmissionEntry: Sendable, Encodable {
    /// How the order was sent.
    enum Kind: String, Sendable, Encodable {
        /// For the first time, through the gateway.
        case submitted
        /// For the first time, straight to `orders.submitted`.
        case published
        /// Again with the same content.
        case repeated
        /// Under a used number with another amount.
        case otherContent = "other_content"
    }

    /// What the platform must do with it.
    enum Outcome: String, Sendable, Encodable {
        /// A new order.
        case accepted
        /// Refused.
        case rejected
        /// The order that was accepted before.
        case known
    }

    let kind: Kind
    let expected: Outcome
    let scenario: String
    let merchantNo: String
    let merchantOrderNo: String
    let product: String
    let amountFen: Int64
    let expiresInSeconds: Int64
    let at: String

    enum CodingKeys: String, CodingKey {
        case kind, expected, scenario, product, at
        case merchantNo = "merchant_no"
        case merchantOrderNo = "merchant_order_no"
        case amountFen = "amount_fen"
        case expiresInSeconds = "expires_in_seconds"
    }
}
