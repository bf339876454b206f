import Foundation
import TestStack
import Testing

/// The short form of `make faults`: a dozen kills, every fault once, and then a planted defect of
/// each kind, which the auditor has to find.
@Suite(.serialized) struct FaultTests {
    @Test(.timeLimit(.minutes(9))) func nothingIsLostAndThePlantedDefectsAreFound() async throws {
        let missing = allowedMissing.flatMap { ["--allow-missing", $0] }
        let lines = try await faults(kills: 12, orders: 3_000, ["--plant"] + missing)
        #expect(
            lines.contains(
                "faults: injected=\(8 - allowedMissing.count) left_out=\(allowedMissing.count)"))
        let plants = lines.filter { $0.hasPrefix("planted ") }
        #expect(plants.count == 7 && plants.allSatisfy { $0.contains(": found: ") })
    }

    @Test(.timeLimit(.minutes(9))) func nothingIsLostWhereTheBrokerIsKilled() async throws {
        _ = try await faults(kills: 4, orders: 2_000, ["--faults", "brokerCrash", "clockStep"])
    }

    /// The faults that may be left out where this machine can't inject them: a machine on which
    /// nothing can be mounted sets `ALLOW_MISSING_FAULTS=diskFull`, or the test fails.
    private var allowedMissing: [String] {
        let names = ProcessInfo.processInfo.environment["ALLOW_MISSING_FAULTS"] ?? ""
        return names.split(separator: ",").map(String.init)
    }

    /// What a sound run prints.
    private func faults(kills: Int, orders: Int, _ more: [String]) async throws -> [Substring] {
        let folder = try TemporaryFolder.make("fault-tests")
        defer { TemporaryFolder.remove(folder) }
        let seed = UInt64.random(in: 1...1_000_000)
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("faults").path
        let size = ["--kills", "\(kills)", "--orders", "\(orders)", "--seed", "\(seed)"]
        let run = try TallyProcess(size + more, folder: folder, name: "faults", program: program)
        let ending = try await run.ending(within: .seconds(480))
        print(ending.output)
        #expect(ending.status == 0, "SEED=\(seed) \(ending.output) \(ending.errors.suffix(4_000))")
        let lines = ending.output.split(separator: "\n")
        #expect(lines.last == "kills=\(kills) orders=\(orders) lost=0 doubled=0 seed=\(seed)")
        return lines
    }
}
