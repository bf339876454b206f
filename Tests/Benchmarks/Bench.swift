import ArgumentParser
import Foundation
import TestStack

/// `make bench`: the hot paths, each beside what it is compared with in the same run. Ratios are
/// what to read; the rates are this machine's, at this moment.
@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Measures the hot paths and prints ratios.")

    enum Measure: String, ExpressibleByArgument, CaseIterable {
        case codec, intake, outbox, grown, poison, gateway, deliveries
    }

    @Option(help: "What to measure; may be repeated. Default: codec, intake and outbox.")
    var measure: [Measure] = []
    @Option(help: "Orders of each drain.") var orders = 100_000
    @Option(help: "Numbers of worker processes, one drain each.") var processes = "1,2,4"
    @Option(help: "Orders that are stored already, for `grown`.") var stored = 20_000_000

    @Option(help: "Orders a second, for `gateway`.") var perSecond = 1_000

    func run() async throws {
        var table = Table()
        for measure in measure.isEmpty ? [.codec, .intake, .outbox] : measure {
            switch measure {
            case .codec:
                CodecBench().run(into: &table)
            case .intake:
                let counts = processes.split(separator: ",").compactMap { Int($0) }
                table = try await BenchStack.with { [table] stack in
                    var table = table
                    try await IntakeBench(stack: stack, orders: orders)
                        .run(processes: counts, into: &table)
                    return table
                }
            case .outbox:
                table = try await BenchStack.with { [table] stack in
                    var table = table
                    try await OutboxBench(stack: stack, events: 4 * orders).run(into: &table)
                    return table
                }
            case .grown:
                table = try await BenchStack.with { [table] stack in
                    var table = table
                    try await GrownBench(stack: stack, orders: orders, rows: stored)
                        .run(into: &table)
                    return table
                }
            case .deliveries:
                table = try await BenchStack.with { [table] stack in
                    var table = table
                    try await DeliveryBench(stack: stack, deliveries: orders).run(into: &table)
                    return table
                }
            case .poison: try await BenchStack.with { try await PoisonBench(stack: $0).run() }
            case .gateway:
                try await BenchStack.with { stack in
                    try await GatewayBench(stack: stack, perSecond: perSecond).run()
                }
            }
        }
        table.show()
    }
}

/// The rates that were measured, as they are printed.
struct Table {
    private var rows: [(what: String, rate: Double, note: String)] = []
    private var notes: [String] = []

    mutating func add(_ what: String, _ rate: Double, _ note: String = "") {
        rows.append((what, rate, note))
        FileHandle.standardError.write(Data("\(what): \(Int(rate))/s \(note)\n".utf8))
    }

    /// Adds a line below the rows.
    mutating func note(_ line: String) { notes.append(line) }

    func show() {
        let width = (rows.map(\.what.count).max() ?? 0) + 2
        for row in rows {
            let what = row.what.padding(toLength: width, withPad: " ", startingAt: 0)
            let rate = String(Int(row.rate.rounded()))
            let padding = String(repeating: " ", count: max(0, 10 - rate.count))
            print("\(what)\(padding)\(rate)/s  \(row.note)")
        }
        for note in notes { print(note) }
    }
}

/// A ratio as it is printed.
func ratio(_ one: Double, _ other: Double) -> String { String(format: "%.2f ×", one / other) }
