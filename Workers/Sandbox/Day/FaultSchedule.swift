package import Payments
package import Simulator

/// When a played day's faults happen, and to which orders: known from its plan alone.
package struct FaultSchedule: Sendable {
    /// One fault.
    package struct Fault: Sendable, Equatable {
        /// What kind.
        package let fault: FaultCase
        /// When, in business time.
        package let at: Timestamp
        /// The place of its order in the plan; `nil` where it has none.
        package let order: Int?
    }

    /// All of them, by time.
    package let faults: [Fault]

    /// The faults of a plan.
    package init(_ plan: DayPlan) {
        faults = plan.actions.compactMap { action in
            let order = plan.orders.indices.contains(action.lane) ? action.lane : nil
            return FaultCase.of(action.kind, order.map { plan.orders[$0].scenario }).map {
                Fault(fault: $0, at: action.at, order: order)
            }
        }
    }

    /// How many have happened, by kind; kinds that haven't are left out.
    package func counts(until time: Timestamp) -> [(fault: FaultCase, count: Int)] {
        var counts: [FaultCase: Int] = [:]
        for fault in faults {
            guard fault.at <= time else { break }
            counts[fault.fault, default: 0] += 1
        }
        return FaultCase.allCases.compactMap { fault in counts[fault].map { (fault, $0) } }
    }
}
