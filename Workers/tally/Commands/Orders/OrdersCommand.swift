import ArgumentParser

/// `tally orders`
struct OrdersCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "orders", abstract: "Shows orders, and those that are stuck.",
        subcommands: [OrderShow.self, OrderStuck.self])
}
