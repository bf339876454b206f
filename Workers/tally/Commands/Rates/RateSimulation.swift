import ArgumentParser
import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally rates simulate`
struct RateSimulation: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Show who would get what of a payment to a merchant.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Argument(help: "The merchant's number.") var merchantNo: String
    @Argument(help: "PC, WAP or APP.") var product: Product
    @Option(help: "The payment in fen.") var amountFen: Int64 = 10_000
    @Option(
        help: ArgumentHelp(
            "At which moment: 2026-12-01 (Beijing) or RFC 3339; now unless given.",
            valueName: "time")) var at: SinceTime?

    func validate() throws {
        guard (1...10_000_000_000).contains(amountFen) else {
            throw ValidationError("--amount-fen must be 1 to 10000000000")
        }
    }

    func run() async throws {
        let now = SystemClock().now()
        let moment = at?.time(at: now) ?? now
        let (path, rates) = try await PartiesCommand.transaction(global) { transaction in
            let path = try await transaction.run(PathOfParty(merchantNo))
            return (path, try await transaction.run(RateHistory(path)))
        }
        guard path.count >= 2 else {
            throw CommandError(
                path.isEmpty
                    ? "there is no party \(merchantNo)" : "\(merchantNo) is nobody's merchant")
        }
        // From the platform, whose rate is the channel's, down to the merchant.
        var chain: [Rate] = []
        for partyNo in path.reversed() {
            let inForce = rates.last {
                $0.partyNo == partyNo && $0.product == product && $0.effectiveFrom <= moment
            }
            guard let inForce else {
                throw CommandError(
                    "\(partyNo) has no rate for \(product.rawValue) at \(moment.shanghai): "
                        + "orders of \(merchantNo) are refused")
            }
            chain.append(inForce.rate)
        }
        let amount = Money(fen: amountFen)
        let split = try FeeSplit.of(amount, rates: chain)
        let shown = Shown(amount, product, path: Array(path.reversed()), chain, split)
        if output.json { return try Terminal.json(shown) }
        for line in shown.lines { Terminal.line(line) }
    }

    private struct Shown: Encodable {
        struct Part: Encodable {
            let receiver: String
            let amountFen: Int64
            let arithmetic: String
        }

        let product: String
        let amountFen: Int64
        let merchantFeeFen: Int64
        let netFen: Int64
        let parts: [Part]

        init(
            _ amount: Money, _ product: Product, path: [String], _ rates: [Rate],
            _ split: FeeSplit
        ) {
            self.product = product.rawValue
            amountFen = amount.fen
            merchantFeeFen = split.merchantFee.fen
            netFen = (amount - split.merchantFee).fen
            let fees = rates.map { "\($0.fee(on: amount).fen) fen at \($0.ppm) ppm" }
            // Level k keeps the difference of the fee below it and its own.
            let shares = zip(path, zip(split.shares, zip(fees.dropFirst(), fees)))
            parts =
                [
                    Part(
                        receiver: "the channel", amountFen: split.channelFee.fen,
                        arithmetic: fees[0])
                ]
                + shares.map { partyNo, share in
                    Part(
                        receiver: partyNo, amountFen: share.0.fen,
                        arithmetic: "\(share.1.0) less \(share.1.1)")
                }
        }

        var lines: [String] {
            var table = TextTable(headings: ["RECEIVES", "YUAN", "HOW"])
            table.rightAligned = [1]
            table.rows = parts.map {
                [$0.receiver, Money(fen: $0.amountFen).yuan, $0.arithmetic]
            }
            return [
                "\(product), \(Money(fen: amountFen).yuan) yuan: the merchant receives "
                    + "\(Money(fen: netFen).yuan), its fee is \(Money(fen: merchantFeeFen).yuan)"
            ] + table.lines
        }
    }
}
