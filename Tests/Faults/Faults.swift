import ArgumentParser
import Foundation
import TestStack

/// Kills workers at random and at every step of a batch, breaks what they stand on, and has an
/// auditor prove that nothing was lost and nothing done twice.
@main
struct Faults: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults",
        abstract: "Kills workers and breaks what they stand on; proves that nothing is lost.")

    @Option(help: "How many processes are killed.") var kills = 50
    @Option(help: "How many orders are published.") var orders = 20_000
    @Option(help: "The random.") var seed: UInt64 = 1
    @Option(help: "Processes of every role.") var processes = 2
    @Option(
        parsing: .upToNextOption,
        help: "What goes wrong beside the kills; all but brokerCrash, unless named.")
    // Over S3 the broker gets slower with every record: its crash has runs of its own.
    var faults = Fault.allCases.filter { $0 != .brokerCrash }
    @Flag(help: "Afterwards plant a defect of each kind, which the auditor must find.")
    var plant = false

    @Flag(help: "Keep the folder with the processes' logs and the data, as after a failure.")
    var keep = false
    @Option(help: "The processes' log level.") var logLevel = "warning"

    func validate() throws {
        guard kills >= 0, orders >= 100, (1...4).contains(processes), !faults.isEmpty else {
            throw ValidationError("kills can't be negative, orders at least 100, processes 1...4")
        }
    }

    func run() async throws {
        for fault in faults where !fault.isPossible {
            FaultRun.log("without \(fault): that takes root, and the right to mount")
        }
        let faults = faults.filter(\.isPossible)
        guard !faults.isEmpty else { throw ValidationError("no fault is left") }
        if faults.contains(.diskFull) { try MountNamespace.enter() }
        let stack = try await FaultStack.start(for: faults, logLevel: logLevel)
        let outcome: Result<Bool, any Error>
        do {
            outcome = .success(try await run(faults, on: stack))
        } catch {
            outcome = .failure(error)
        }
        let isSound = (try? outcome.get()) ?? false
        if keep || !isSound { FaultRun.log("logs and data are kept in \(stack.folder)") }
        await stack.stop(keepsFolder: keep || !isSound)
        if try !outcome.get() { throw ExitCode.failure }
    }

    private func run(_ faults: [Fault], on stack: FaultStack) async throws -> Bool {
        let plan = FaultRun.Plan(
            kills: kills, orders: orders, seed: seed, processes: processes, faults: faults)
        let started = ContinuousClock.now
        let run = try FaultRun(plan, on: stack)
        try await run.run()
        FaultRun.log("the crew has left after \(Self.text(run.seconds)) s")
        let auditor = try Auditor(
            databaseURL: stack.databaseURL, brokers: stack.brokers, folder: stack.folder)
        let (report, line) = try await auditor.audit(run.feed.acknowledged)
        print(line)
        let books = try await TallyProcess.run(
            ["audit"], settings: stack.settings, folder: stack.folder, within: .seconds(300))
        let complaints = await run.crew.complaints
        for complaint in complaints { print("complaint: \(complaint)") }
        if books.status != 0 { print("tally audit: \(books.output)\(books.errors)") }
        var isSound = report.breachCount == 0 && complaints.isEmpty && books.status == 0
        if plant, isSound {
            isSound = try await Plants(stack: stack, feed: run.feed, auditor: auditor).check()
        }
        await run.feed.close()
        await tell(run, seconds: (ContinuousClock.now - started) / .seconds(1))
        print(
            "kills=\(await run.crew.kills) orders=\(orders) lost=\(report.lost) "
                + "doubled=\(report.doubled) seed=\(seed)")
        return isSound
    }

    private func tell(_ run: FaultRun, seconds: Double) async {
        let deaths = await run.crew.deaths.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        print("deaths: \(deaths)")
        print("recovery_seconds: \(Self.summary(await run.recovery.afterKills))")
        print("recovery_seconds_after_outage: \(Self.summary(await run.recovery.afterOutages))")
        print("run_seconds: \(Self.text(seconds))")
    }

    private static func summary(_ durations: [Duration]) -> String {
        let times = durations.sorted()
        func percentile(_ share: Double) -> String {
            guard !times.isEmpty else { return "-" }
            let index = min(Int((Double(times.count) * share).rounded(.up)), times.count) - 1
            return text(times[max(index, 0)] / .seconds(1))
        }
        return "p50=\(percentile(0.5)) p99=\(percentile(0.99)) max=\(percentile(1)) "
            + "measured=\(times.count) session_timeout=\(text(Crew.sessionTimeout / .seconds(1)))"
    }

    private static func text(_ number: Double) -> String {
        String((number * 100).rounded() / 100)
    }
}
