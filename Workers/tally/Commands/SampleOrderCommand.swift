import ArgumentParser
import AsyncHTTPClient
import NIOPosix
import Payments
import Sandbox
import WorkerRuntime

/// `tally sample-order`
struct SampleOrderCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample-order",
        abstract: "Places a signed order of a sample merchant on a stack that tally up runs.")
    @OptionGroup var output: OutputOptions
    @Option(help: "The data folder of the stack.") var data = ".tally"
    @Option(help: "A sample merchant; by default the first that signs alone.")
    var merchant: String?
    @Option(help: "The merchant's number of the order; the same number is the same order.")
    var merchantOrderNo = "SAMPLE-1"
    @Option(help: "The amount in fen.") var amountFen: Int64 = 9_850

    func run() async throws {
        let order = try SampleOrder(folder: data, merchantNo: merchant)
        let client = HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup)
        let response: SampleOrder.Response
        do {
            response = try await order.send(
                merchantOrderNo: merchantOrderNo, amount: Money(fen: amountFen),
                now: SystemClock().now(), client: client)
            try await client.shutdown()
        } catch {
            try? await client.shutdown()
            throw CommandError(
                "the gateway of the stack in \(data) is unavailable: \(error). Check that tally up "
                    + "--data \(data) runs")
        }
        if output.json {
            Terminal.line(response.body)
        } else {
            Terminal.line("HTTP \(response.status): \(response.body)")
            if let url = response.payURL { Terminal.line("pay at \(url)") }
        }
        guard (200..<300).contains(response.status) else { throw ExitCode.failure }
    }
}
