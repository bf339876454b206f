import ArgumentParser
import Composition
import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally orders`
struct OrdersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orders", abstract: "Shows orders.", subcommands: [Show.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "An order's state, the reason, what happens next, and its timeline.")
        @OptionGroup var global: GlobalOptions
        @OptionGroup var output: OutputOptions
        @Argument(help: "The platform's order number.") var orderNo: String?
        @Option(help: "The merchant; with --merchant-order-no.") var merchant: String?
        @Option(help: "The merchant's number of the order.") var merchantOrderNo: String?

        func validate() throws {
            guard orderNo != nil || (merchant != nil && merchantOrderNo != nil) else {
                throw ValidationError(
                    "ORDER_NO is missing; or use --merchant and --merchant-order-no")
            }
        }

        func run() async throws {
            let settings = try await global.settings()
            let connection = try await CommandDatabase.connect(settings, name: "orders")
            let order = try await find(on: connection)
            guard let order else {
                await connection.close()
                Terminal.note("no such order")
                throw ExitCode.failure
            }
            let page = OrderTimelinePage(
                order: order,
                timeline: try await connection.run(OrderTimeline(order.orderNo)),
                deliveries: try await connection.run(DeliveriesOfOrder(order.orderNo)))
            await connection.close()
            if output.json {
                try Terminal.json(page.json)
            } else {
                for line in page.lines { Terminal.line(line) }
            }
        }

        private func find(on connection: PostgresConnection) async throws -> OrderView? {
            if let orderNo { return try await connection.run(OrderByNo(orderNo)).first }
            return try await connection.run(
                OrderByMerchantNo(
                    merchantNo: merchant ?? "", merchantOrderNo: merchantOrderNo ?? "")
            ).first
        }
    }
}
