import Payments
package import Postgres
package import Simulator
package import Store

/// A played day's money, and how each of its faults ended.
package struct DaySummary: Sendable {
    /// One kind of fault and the states it ended in.
    package struct Outcome: Sendable, Equatable {
        /// What went wrong.
        package let fault: String
        /// How often.
        package let count: Int
        /// States with their counts, the most frequent first; empty where the day's own tables
        /// (dead letters, differences) hold the outcome.
        package let ends: [String]

        /// One kind of fault.
        package init(fault: String, count: Int, ends: [String]) {
            self.fault = fault
            self.count = count
            self.ends = ends
        }
    }

    /// Who received what.
    package let money: [DayMoney.Row]
    /// Settled, paid out, still to be settled.
    package let payouts: DayPayouts.Row
    /// The faults of the plan, then those of receivers and of the bank.
    package let outcomes: [Outcome]
    /// Dead letters by reason, then state.
    package let deadLetters: [OutcomeCounts.Row]
    /// Differences of the reconciliations by kind, then state.
    package let differences: [OutcomeCounts.Row]

    /// A day by its parts.
    package init(
        money: [DayMoney.Row], payouts: DayPayouts.Row, outcomes: [Outcome],
        deadLetters: [OutcomeCounts.Row], differences: [OutcomeCounts.Row]
    ) {
        self.money = money
        self.payouts = payouts
        self.outcomes = outcomes
        self.deadLetters = deadLetters
        self.differences = differences
    }

    /// Reads a day that has been played.
    package static func read(
        _ plan: DayPlan, on connection: PostgresConnection
    ) async throws -> DaySummary {
        let money = try await connection.run(DayMoney())
        let payouts = try await connection.run(DayPayouts()).first ?? DayPayouts.Row()
        let counts = try await connection.run(OutcomeCounts())
        let faults = FaultSchedule(plan).faults
        let orders = Set(faults.compactMap(\.order)).map { plan.orders[$0] }
        let ends = try await connection.run(
            OrderOutcomes(orders.map { ($0.merchantNo, $0.merchantOrderNo) }))
        let byNumber = Dictionary(ends.map { ($0.merchantOrderNo, $0) }) { first, _ in first }
        let planned = FaultCase.allCases.compactMap { fault -> Outcome? in
            let cases = faults.filter { $0.fault == fault }
            guard !cases.isEmpty else { return nil }
            let states = cases.compactMap { one in
                one.order.flatMap { byNumber[plan.orders[$0].merchantOrderNo] }
            }.map { $0.state(after: fault) }
            return Outcome(
                fault: fault.rawValue, count: cases.count, ends: counted(states, of: fault))
        }
        return DaySummary(
            money: money, payouts: payouts, outcomes: planned + outcomes(of: counts),
            deadLetters: counts.filter { $0.subject == "dead_letter" },
            differences: counts.filter { $0.subject == "difference" })
    }

    /// Equal states with their number, the most frequent first.
    private static func counted(_ states: [String], of fault: FaultCase) -> [String] {
        switch fault {
        case .malformed: return ["dead letters (below)"]
        case .unknownOrder: return ["dead letters order_unknown (below)"]
        case .billAmount: return ["differences amount_mismatch (below)"]
        case .channelOnly: return ["differences channel_only (below)"]
        default: break
        }
        let counts = Dictionary(grouping: states) { $0 }.mapValues(\.count)
        return counts.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }
            .map { "\($0.value) \($0.key)" }
    }

    // Failing and hanging receivers and the bank's faults are seen in what they caused.
    private static func outcomes(of counts: [OutcomeCounts.Row]) -> [Outcome] {
        func outcome(
            _ fault: String, _ rows: [OutcomeCounts.Row],
            _ text: (OutcomeCounts.Row) -> String
        ) -> Outcome? {
            let count = rows.reduce(0) { $0 + Int($1.count) }
            return count == 0
                ? nil
                : Outcome(fault: fault, count: count, ends: rows.map { "\($0.count) \(text($0))" })
        }
        return [
            outcome(
                "receiver failing or hanging",
                counts.filter {
                    $0.subject == "delivery" && ($0.kind == "retried" || $0.status == "exhausted")
                }
            ) { $0.status == "acknowledged" ? "acknowledged after retries" : $0.status },
            outcome(
                "payout response lost or late",
                counts.filter { $0.subject == "payout" && $0.kind == "retried" }
            ) { $0.status == "succeeded" ? "paid once, found by inquiry" : $0.status },
            outcome(
                "payout refused by the bank",
                counts.filter {
                    $0.subject == "payout" && $0.kind != "first" && $0.kind != "retried"
                }
            ) { row in
                // The reason up to its details.
                let reason = row.kind.split(separator: ":").prefix(2).joined(separator: ":")
                return "\(row.status) (\(reason))"
            },
        ].compactMap { $0 }
    }
}

extension OrderOutcomes.Row {
    /// The state for a reader, with what matters after `fault`.
    package func state(after fault: FaultCase) -> String {
        guard let status else { return rejection.map { "rejected (\($0))" } ?? "not stored" }
        let words = status.replacing("_", with: " ")
        return switch fault {
        case .otherContent: words + (rejection == nil ? "" : ", other content rejected")
        case .latePayment: words + (isLate ? ", flagged late" : "")
        case .repeated: words + ", stored once"
        case .callbackRepeated: words + ", applied once"
        default: words + (paidBy == "inquiry" ? ", found by inquiry" : "")
        }
    }
}
