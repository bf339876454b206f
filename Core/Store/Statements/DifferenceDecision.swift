public import Payments
import Postgres

/// What a person decided on a difference.
public struct DifferenceDecision: Sendable, Equatable {
    /// Its number.
    public let id: Int64
    /// What becomes of the money.
    public let action: DifferenceResolution.Action
    /// Why.
    public let reason: DifferenceResolution.Reason
    /// In the person's words; may be empty.
    public let comment: String
    /// How much was decided on.
    public let stake: Money
    /// What the claim on the channel changes by.
    public let adjustment: Money
    /// Whether it applies: it needs no second person, or has one.
    public let isApplied: Bool
    /// Who made it.
    public let madeBy: String
    /// The login of who made it.
    public let maker: String
    /// When.
    public let madeAt: Timestamp
    /// The login of the second person; `nil` where there is none.
    public let checker: String?

    static func decode(
        _ row: PostgresRow, at first: Int
    ) throws(PostgresError) -> DifferenceDecision? {
        guard let id = try row.int64OrNull(first) else { return nil }
        let words = (try row.text(first + 1), try row.text(first + 2))
        guard let action = DifferenceResolution.Action(rawValue: words.0),
            let reason = DifferenceResolution.Reason(rawValue: words.1)
        else { throw PostgresError.decoding("'\(words)' is not a decision on a difference") }
        return DifferenceDecision(
            id: id, action: action, reason: reason, comment: try row.text(first + 3),
            stake: try row.money(first + 4), adjustment: try row.money(first + 5),
            isApplied: try row.text(first + 6) == "applied", madeBy: try row.text(first + 7),
            maker: try row.text(first + 8), madeAt: try row.time(first + 9),
            checker: try row.textOrNull(first + 10))
    }
}
