import Foundation

/// The last line of `tally demo`: the contract's JSON object, its members in the contract's order.
package struct DayResult {
    package let names: [String]
    package let figures: [Int64]
    package let breaches: [String]
    package let seconds: Double

    package var isSound: Bool { breaches.isEmpty && feesAddUp }

    /// `merchant_fee_fen = channel_fee_fen + agent_share_fen + platform_share_fen`
    package var feesAddUp: Bool {
        figure("merchant_fee_fen") == figure("channel_fee_fen") + figure("agent_share_fen")
            + figure("platform_share_fen")
    }

    package var line: String {
        let members = zip(names, figures).map { "\"\($0)\":\($1)" }
        let audit = isSound ? "ok" : "\(breaches.count) breaches"
        let time = String(format: "%.1f", seconds)
        return "{" + members.joined(separator: ",") + ",\"audit\":\"\(audit)\",\"seconds\":\(time)}"
    }

    private func figure(_ name: String) -> Int64 {
        names.firstIndex(of: name).map { figures[$0] } ?? 0
    }
}
