import ArgumentParser
import Foundation
import TestStack

/// Kills workers at random and at every step of a batch, injects faults into the database, the
/// broker and the clock, and has an auditor prove that nothing was lost and nothing done twice.
@main
struct Faults: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "faults",
        abstract: "Kills workers and injects faults; proves that nothing is lost or doubled.")

    @Option(help: "How many processes are killed.") var kills = 50
    @Option(help: "How many orders are published.") var orders = 20_000
    @Option(help: "The seed of kills and faults.") var seed: UInt64 = 1
    @Option(help: "Processes of every role.") var processes = 2
    @Option(
        parsing: .upToNextOption,
        help: "What goes wrong beside the kills; all but brokerCrash, unless named.")
    // Over S3 the broker gets slower with every record: its crash has runs of its own.
    var faults = Fault.allCases.filter { $0 != .brokerCrash }
    @Option(
        parsing: .upToNextOption,
        help: "Faults that are left out where this machine can't inject them; else the run fails.")
    var allowMissing: [Fault] = []
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
        let (faults, missing) = try possibleFaults()
        if faults.contains(.diskFull) { try MountNamespace.enter() }
        let stack = try await FaultStack.start(for: faults, logLevel: logLevel)
        let outcome: Result<Bool, any Error>
        do {
            outcome = .success(try await run(faults, missing: missing, on: stack))
        } catch {
            outcome = .failure(error)
        }
        let isSound = (try? outcome.get()) ?? false
        if keep || !isSound { FaultRun.log("logs and data are kept in \(stack.folder)") }
        await stack.stop(keepsFolder: keep || !isSound)
        if try !outcome.get() { throw ExitCode.failure }
    }

    /// The faults to inject, and how many are left out.
    private func possibleFaults() throws -> ([Fault], missing: Int) {
        var missing = 0
        for fault in faults {
            guard let what = fault.missingPrivilege else { continue }
            missing += 1
            FaultRun.log("\(fault) is left out: it needs \(what)")
            guard allowMissing.contains(fault) else {
                throw ValidationError(
                    "\(fault) needs \(what); to run without it: --allow-missing \(fault)")
            }
        }
        let possible = faults.filter { $0.missingPrivilege == nil }
        guard !possible.isEmpty else { throw ValidationError("no fault is left") }
        return (possible, missing)
    }

    private func run(
        _ faults: [Fault], missing: Int, on stack: FaultStack
    ) async throws -> Bool {
        let plan = FaultRun.Plan(
            kills: kills, orders: orders, seed: seed, processes: processes, faults: faults)
        let started = ContinuousClock.now
        let run = try FaultRun(plan, on: stack)
        try await run.run()
        FaultRun.log("the workers have stopped after \(Self.text(run.seconds)) s")
        let auditor = try Auditor(
            databaseURL: stack.databaseURL, brokers: stack.brokers, folder: stack.folder)
        let (report, line) = try await auditor.audit(run.feed.acknowledged)
        print(line)
        let ledger = try await TallyProcess.run(
            ["audit"], settings: stack.settings, folder: stack.folder, within: .seconds(300))
        let complaints = await run.processes.complaints
        for complaint in complaints { print("complaint: \(complaint)") }
        if ledger.status != 0 { print("tally audit: \(ledger.output)\(ledger.errors)") }
        var isSound = report.breachCount == 0 && complaints.isEmpty && ledger.status == 0
        if plant, isSound {
            isSound = try await PlantedDefects(stack: stack, feed: run.feed, auditor: auditor)
                .check()
        }
        await run.feed.close()
        await printSummary(
            of: run, missing: missing, seconds: (ContinuousClock.now - started) / .seconds(1))
        print(
            "kills=\(await run.processes.kills) orders=\(orders) lost=\(report.lost) "
                + "doubled=\(report.doubled) seed=\(seed)")
        return isSound
    }

    private func printSummary(of run: FaultRun, missing: Int, seconds: Double) async {
        let kills = await run.processes.killsByStep.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
        print("kills_by_step: \(kills)")
        print("faults: injected=\(run.plan.faults.count) left_out=\(missing)")
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
        let session = text(RoleProcesses.sessionTimeout / .seconds(1))
        return "p50=\(percentile(0.5)) p99=\(percentile(0.99)) max=\(percentile(1)) "
            + "measured=\(times.count) session_timeout=\(session)"
    }

    private static func text(_ number: Double) -> String {
        String((number * 100).rounded() / 100)
    }
}
