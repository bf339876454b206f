import Foundation

/// The last line of `tally demo`: the contract's JSON object, its fields in the contract's order.
package struct DayResult {
    let names: [String]
    let figures: [Int64]
    /// A line for each breach that the audit found.
    package let breaches: [String]
    let seconds: Double

    /// Whether the audit holds and the fees add up.
    package var isSound: Bool { breaches.isEmpty && feesAddUp }

    /// `merchant_fee_fen = channel_fee_fen + agent_share_fen + platform_share_fen`
    private var feesAddUp: Bool {
        figure("merchant_fee_fen") == figure("channel_fee_fen") + figure("agent_share_fen")
            + figure("platform_share_fen")
    }

    /// The JSON object.
    package var line: String {
        let fields = zip(names, figures).map { "\"\($0)\":\($1)" }
        let audit = isSound ? "ok" : "\(breaches.count) breaches"
        let time = String(format: "%.1f", seconds)
        return "{" + fields.joined(separator: ",") + ",\"audit\":\"\(audit)\",\"seconds\":\(time)}"
    }

    private func figure(_ name: String) -> Int64 {
        names.firstIndex(of: name).map { figures[$0] } ?? 0
    }
}
