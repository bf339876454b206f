import ArgumentParser
import Foundation
import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally parties card`
struct PartyCard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "card",
        abstract: "Set the bank card that a merchant's payouts go to.",
        discussion: """
            Stored sealed; only its first six and last four digits are ever shown. A payout that \
            failed for the old card is paid again by tally payouts retry.
            """)
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The merchant's number.") var merchantNo: String
    @Option(help: "A file of two lines, the holder's name and the card's number; - is stdin.")
    var file: String

    func run() async throws {
        let (payee, card) = try read()
        let sealer = try await CommandSealer.checked(global)
        let masked = card.prefix(6) + "******" + card.suffix(4)
        let now = SystemClock().now()
        try await PartiesCommand.transaction(global) { transaction in
            let party = try await transaction.run(PartyList(partyNo: merchantNo, limit: 1)).first
            guard party?.kind == .merchant else {
                throw CommandError("there is no merchant \(merchantNo)")
            }
            _ = try await transaction.run(
                PutSettlementCard(
                    partyNo: merchantNo, payeeName: payee, cardNo: card, masked: String(masked),
                    sealer: sealer))
            _ = try await transaction.run(
                AddAuditEntry(
                    actor: DeadLettersCommand.actor, action: "party.card", subject: merchantNo,
                    detail: String(masked), now: now))
        }
        if output.json {
            return try Terminal.json(["merchant_no": merchantNo, "card_no": String(masked)])
        }
        Terminal.line("payouts to \(merchantNo) go to card \(masked)")
    }

    /// Neither is an argument: those are seen by every process of the machine.
    private func read() throws -> (payee: String, card: String) {
        let text: String
        if file == "-" {
            text = (0..<2).compactMap { _ in readLine() }.joined(separator: "\n")
        } else if let content = try? String(contentsOfFile: file, encoding: .utf8) {
            text = content
        } else {
            throw CommandError("\(file) can't be read: check --file")
        }
        let lines = text.split(separator: "\n").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        guard lines.count == 2, (1...64).contains(lines[0].count) else {
            throw CommandError("two lines are needed: the holder's name, the card's number")
        }
        let card = lines[1].filter { $0 != " " }
        guard (12...19).contains(card.count), card.allSatisfy({ $0.isASCII && $0.isNumber }) else {
            throw CommandError("a card's number has 12 to 19 digits")
        }
        return (lines[0], card)
    }
}
