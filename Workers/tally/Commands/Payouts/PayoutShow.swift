import ArgumentParser
import Payments
import Postgres
import Store

/// `tally payouts show`
struct PayoutShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a payout, and what pays it again or what it pays again.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The payout's number.") var payoutNo: String

    func run() async throws {
        let connection = try await PayoutsCommand.connect(global)
        let found = try await connection.run(PayoutsByNo([payoutNo])).first
        await connection.close()
        guard let found else { throw CommandError("there is no payout \(payoutNo)") }
        if output.json { return try Terminal.json(PayoutJSON(found)) }
        for line in found.lines { Terminal.line(line) }
    }
}

extension PayoutLine {
    /// What is worth saying beside its status, on one line.
    var note: String {
        if let reissuedAs { return "paid again as \(reissuedAs)" }
        let origin = reissueOf.map { "pays \($0) again" }
        return [origin, reason.map(PrintableBytes.escaped)].compactMap(\.self)
            .joined(separator: "; ")
    }

    fileprivate var lines: [String] {
        var lines = [
            "payout \(payoutNo): \(amount.yuan) yuan to \(merchantNo), \(status)",
            "settlement \(settlementID)", "requested \(requestedAt.shanghai)",
        ]
        if let bankRef { lines.append("bank's reference \(bankRef)") }
        if let completedAt { lines.append("completed \(completedAt.shanghai)") }
        if let reason { lines.append("reason: \(PrintableBytes.escaped(reason))") }
        if let reissueOf { lines.append("pays \(reissueOf) again, which failed") }
        switch (status, reissuedAs) {
        case ("failed", let other?): lines.append("paid again as \(other)")
        case ("failed", nil):
            lines.append(
                "what next: it is owed to the merchant; correct the cause, then "
                    + "tally payouts retry \(payoutNo)")
        case ("succeeded", _): break
        default:
            let does = attempt == 0 ? "sends it to the bank" : "queries it at the bank"
            let when = nextAttemptAt.map { " at \($0.shanghai)" } ?? ""
            lines.append("what next: the settlement role \(does)\(when), under this number")
        }
        return lines
    }
}
