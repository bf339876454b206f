import Payments
import Postgres
import Store

/// Matches a complete statement with the orders and refunds as they are now, and ends, reverses and
/// escalates differences accordingly: the same for a new statement and for one that is compared
/// again.
struct StatementMatching: Sendable {
    /// What is new.
    struct Findings: Sendable {
        /// For each payment and refund that the statement matches now: whether its fee agrees too.
        let matches: [Bool]
        /// How many payments and refunds the statement lacks.
        let platformOnly: Int
        /// How many are matched because they took effect since a statement had them.
        let revisited: Int
    }

    // An open difference older than this is escalated.
    private static let escalateAfterDays = 3

    let statementID: String
    let day: BusinessDay
    let now: Timestamp

    func run(in transaction: PostgresTransaction) async throws -> Findings {
        let orders = try await transaction.run(MatchOrders(statementID: statementID))
        let refunds = try await transaction.run(MatchRefunds(statementID: statementID))
        let platformOnly = try await transaction.run(
            FindPlatformOnly(statementID: statementID, day: day, now: now))
        _ = try await transaction.run(ResolveDifferences(statementID: statementID, now: now))
        let revisited = try await transaction.run(
            RevisitDifferences(day: day, escalateAfterDays: Self.escalateAfterDays, now: now))
        _ = try await transaction.run(ReverseResolutions(statementID: statementID, now: now))
        return Findings(
            matches: orders + refunds, platformOnly: platformOnly.count,
            revisited: revisited.count)
    }
}
