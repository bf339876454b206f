import Sandbox
import Store

/// The live line of `tally up`.
enum StatusLine {
    /// `orders 1,234  paid 1,100  in progress 34  deliveries 2,300/2,310  dead letters 2  lag 0`
    static func text(_ status: StackStatus) -> String {
        let counts = status.counts
        return [
            "orders \(counts.orders.grouped)", "paid \(counts.paid.grouped)",
            "in progress \(counts.inProgress.grouped)",
            "deliveries \(counts.acknowledged.grouped)/\(counts.deliveries.grouped)",
            "dead letters \(counts.deadLetters.grouped)",
            "lag \(status.lag?.grouped ?? "unknown")",
        ].joined(separator: "  ")
    }
}
