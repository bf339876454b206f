import ArgumentParser
import Payments
import Postgres
import Sentences
import Store

/// `tally orders show`
struct OrderShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract:
            "An order's state, why, what happens next and when, who has the money, its timeline.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var words: LanguageOptions
    @Argument(help: "The platform's order number.") var orderNo: String?
    @Option(help: "The merchant; with --merchant-order-no.") var merchant: String?
    @Option(help: "The merchant's number of the order.") var merchantOrderNo: String?

    func validate() throws {
        let byMerchant = merchant != nil && merchantOrderNo != nil
        guard orderNo != nil || byMerchant else {
            throw ValidationError("ORDER_NO is missing; or use --merchant and --merchant-order-no")
        }
        guard orderNo == nil || (merchant == nil && merchantOrderNo == nil) else {
            throw ValidationError("ORDER_NO or --merchant with --merchant-order-no, not both")
        }
    }

    func run() async throws {
        let connection = try await CommandDatabase.connect(
            try await global.settings(), name: "orders")
        let page = try await connection.transaction { transaction -> OrderPage? in
            guard let order = try await find(in: transaction) else { return nil }
            guard let facts = try await transaction.run(OrderFacts(order.orderNo)).first else {
                return nil
            }
            return OrderPage(
                order: order, facts: facts,
                refunds: try await transaction.run(RefundsOfOrders([order.orderNo])),
                deliveries: try await transaction.run(DeliveriesOfOrder(order.orderNo)),
                steps: try await transaction.run(OrderSteps(order.orderNo)),
                language: words.language)
        }
        await connection.close()
        guard let page else {
            Terminal.note("no such order: check the number; a refused order has none")
            throw ExitCode.failure
        }
        if output.json {
            try Terminal.json(page.json)
        } else {
            for line in page.lines { Terminal.line(line) }
        }
    }

    private func find(in transaction: PostgresTransaction) async throws -> OrderView? {
        if let orderNo { return try await transaction.run(OrderByNo(orderNo)).first }
        return try await transaction.run(
            OrderByMerchantNo(merchantNo: merchant ?? "", merchantOrderNo: merchantOrderNo ?? "")
        ).first
    }
}
