import Foundation
import TestStack
import Testing

/// The short form of `make faults`: a dozen kills, every fault once, and then a planted defect of
/// each kind, which the auditor has to find.
@Suite struct FaultTests {
    @Test(.timeLimit(.minutes(9))) func nothingIsLostAndThePlantedDefectsAreFound() async throws {
        let folder = try TemporaryFolder.make("fault-tests")
        defer { TemporaryFolder.remove(folder) }
        let seed = UInt64.random(in: 1...1_000_000)
        let faults = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            .deletingLastPathComponent().appendingPathComponent("faults").path
        let run = try TallyProcess(
            ["--kills", "12", "--orders", "3000", "--seed", "\(seed)", "--plant"], folder: folder,
            name: "faults", program: faults)
        let ending = try await run.ending(within: .seconds(480))
        print(ending.output)
        #expect(ending.status == 0, "SEED=\(seed) \(ending.output) \(ending.errors.suffix(4_000))")
        let last = ending.output.split(separator: "\n").last.map(String.init)
        #expect(last == "kills=12 orders=3000 lost=0 doubled=0 seed=\(seed)")
        let plants = ending.output.split(separator: "\n").filter { $0.hasPrefix("planted ") }
        #expect(plants.count == 7 && plants.allSatisfy { $0.contains(": found: ") })
    }
}
