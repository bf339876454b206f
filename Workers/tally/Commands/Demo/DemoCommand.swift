public import ArgumentParser
import Foundation
import Logging
import Payments
import Sandbox
import ServiceLifecycle
public import Simulator
import WorkerRuntime

/// `tally demo`
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Plays one business day on a private stack and prints its result.",
        discussion: """
            The day runs on its own clock, with faults on purpose. The last line of standard \
            output is one JSON object; exit 0 only if the audit holds.
            """)

    @Option(help: "How many orders are submitted.") var orders = 1_000
    @Option(help: "The seed of the day.") var seed: UInt64 = 1
    @Option(help: "The business day, YYYY-MM-DD.") var date = "2026-11-20"
    @Option(help: "How much goes wrong: usual, or heavy for a channel at its worst.")
    var mishaps = DayMishaps.usual
    @Option(help: "Keep the data in this folder; by default it is temporary.")
    var data: String?
    @Flag(help: "Leave the stack up after the day, until Ctrl-C.") var keep = false
    @Flag(help: "Run every role as a process of its own.") var processes = false
    @Option(help: "With --processes: how many times a worker is killed and restarted.")
    var kills = 0

    func validate() throws {
        guard orders >= 100 else { throw ValidationError("--orders must be 100 or more") }
        guard kills >= 0, kills == 0 || processes else {
            throw ValidationError("--kills needs --processes, and can't be negative")
        }
        guard !keep || !processes else {
            throw ValidationError("--keep and --processes exclude each other")
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
        let outcome = await Result {
            let demo = try await Demo(
                stack: stack, seed: seed, orders: orders, day: day, mishaps: mishaps,
                logger: logger,
                show: { Terminal.note($0) })
            return try await play(demo, stack, since: started)
        }
        await stack.stop()
        if data == nil { try? FileManager.default.removeItem(atPath: folder) }
        guard try outcome.get() else { throw ExitCode.failure }
    }

    /// Returns whether the day is as it should be.
    private func play(
        _ demo: Demo, _ stack: Stack, since started: ContinuousClock.Instant
    ) async throws -> Bool {
        Terminal.note("playing \(date): \(orders.grouped) orders, seed \(seed)")
        let output = DayProgressOutput()
        let watch = Task { try await demo.watch.run(every: .milliseconds(250), show: output.show) }
        defer { watch.cancel() }
        @Sendable func report(_ report: PlayReport?, isKept: Bool) async throws -> Bool {
            watch.cancel()
            _ = await watch.result
            output.end()
            let seconds = (ContinuousClock.now - started) / .seconds(1)
            return try await print(demo, stack, report, seconds: seconds, isKept: isKept)
        }
        guard keep else {
            let played =
                try await processes
                ? demo.playAcrossProcesses(kills: kills) : demo.playInOneProcess()
            return try await report(played, isKept: false)
        }
        let keeper = KeptStack(stack: stack)
        _ = try await demo.playInOneProcess { played in
            keeper.isSound = try await report(played, isKept: true)
            try await keeper.stayUp()
        }
        keeper.remove()
        return keeper.isSound
    }

    private func print(
        _ demo: Demo, _ stack: Stack, _ report: PlayReport?, seconds: Double, isKept: Bool
    ) async throws -> Bool {
        let (result, summary) = try await demo.result(seconds: seconds)
        let unexpected = report?.unexpected ?? []
        for line in unexpected { Terminal.note("unexpected: \(line)") }
        for breach in result.breaches { Terminal.note("breach: \(breach)") }
        for line in DaySummaryPage(summary: summary).lines { Terminal.line(line) }
        if isKept {
            for line in StackPage(
                stack, suggestions: StackPage.afterDay(demo.plan, in: stack)
            ).lines {
                Terminal.line(line)
            }
        } else {
            Terminal.line("look around in this day: \(again)")
        }
        Terminal.line(result.line)
        return result.isSound && unexpected.isEmpty
    }

    /// The same day again, left up.
    private var again: String {
        "tally demo --keep --orders \(orders) --seed \(seed) --date \(date)"
            + (mishaps == .usual ? "" : " --mishaps \(mishaps.rawValue)")
    }
}

extension DayMishaps: ExpressibleByArgument {}
