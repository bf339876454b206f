import ArgumentParser
import Foundation
import Logging
import Payments
import Postgres
import Sandbox
import ServiceLifecycle
import Simulator
import Store
import WorkerRuntime

/// `tally demo`
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Plays one business day on an embedded stack and prints its result.",
        discussion: "The last line of standard output is one JSON object; exit 0 if the books hold."
    )

    @Option(help: "How many orders are submitted.") var orders = 1_000
    @Option(help: "The day's random.") var seed: UInt64 = 1
    @Option(help: "The business day, YYYY-MM-DD.") var date = "2026-11-20"
    @Option(help: "Keep the data in this folder; a temporary one is used otherwise.")
    var data: String?
    @Flag(help: "Run every role as a process of its own.") var processes = false
    @Option(help: "With --processes: kill a worker this many times meanwhile, and start it again.")
    var kills = 0

    func validate() throws {
        guard orders >= 100 else { throw ValidationError("--orders must be 100 or more") }
        guard kills >= 0, kills == 0 || processes else {
            throw ValidationError("--kills goes with --processes, and can't be negative")
        }
        guard BusinessDay(date) != nil else { throw ValidationError("--date must be YYYY-MM-DD") }
    }

    func run() async throws {
        let started = ContinuousClock.now
        let folder = data ?? NSTemporaryDirectory() + "tally-demo-\(UUID().uuidString.prefix(8))"
        var logger = Logger(label: "tally.demo")
        logger.logLevel = .warning
        guard let day = BusinessDay(date) else { throw ExitCode.failure }
        Terminal.note("starting PostgreSQL and the broker in \(folder)")
        let stack = try await Stack.start(folder: folder, seed: seed, logger: logger)
        do {
            let demo = Demo(
                stack: stack, seed: seed, orders: orders, day: day, logger: logger,
                show: { Terminal.note($0) })
            let report =
                try await processes
                ? demo.playAcrossProcesses(kills: kills) : demo.playInOneProcess()
            let result = try await demo.result(
                seconds: (ContinuousClock.now - started) / .seconds(1))
            await stack.stop()
            if data == nil { try? FileManager.default.removeItem(atPath: folder) }
            for line in report?.unexpected ?? [] { Terminal.note("unexpected: \(line)") }
            for breach in result.breaches { Terminal.note("breach: \(breach)") }
            Terminal.line(result.line)
            guard result.isSound, report?.unexpected.isEmpty ?? true else {
                throw ExitCode.failure
            }
        } catch {
            await stack.stop()
            throw error
        }
    }
}
