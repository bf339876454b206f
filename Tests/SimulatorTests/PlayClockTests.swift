import Foundation
import Payments
import Simulator
import Testing
import WorkerRuntime

@Suite(.timeLimit(.minutes(1))) struct PlayClockTests {
    private func file() -> String {
        FileManager.default.temporaryDirectory
            .appendingPathComponent("tally-clock-\(UUID().uuidString)").path
    }

    @Test func itStandsStillUntilItIsMovedAndNeverGoesBack() throws {
        let file = file()
        defer { try? FileManager.default.removeItem(atPath: file) }
        let start = Timestamp(microseconds: 1_000_000)
        let clock = try PlayClock.create(file: file, start: start)
        #expect(clock.now() == start)
        clock.advance(to: start.adding(seconds: 5))
        #expect(clock.now() == start.adding(seconds: 5))
        clock.advance(to: start)
        #expect(clock.now() == start.adding(seconds: 5))
    }

    @Test func everyoneWhoMapsTheFileSeesTheSameTime() throws {
        let file = file()
        defer { try? FileManager.default.removeItem(atPath: file) }
        let conductor = try PlayClock.create(file: file, start: Timestamp(microseconds: 1))
        let others = try (0..<3).map { _ in try PlayClock(file: file) }
        conductor.advance(to: Timestamp(microseconds: 42))
        #expect(others.map { $0.now().microseconds } == [42, 42, 42])
        #expect(others.allSatisfy { $0.file == file })
    }

    @Test func whoSleepsWakesWhenTheConductorGetsThere() async throws {
        let file = file()
        defer { try? FileManager.default.removeItem(atPath: file) }
        let clock = try PlayClock.create(file: file, start: Timestamp(microseconds: 0))
        let deadline = Timestamp(microseconds: 1_000)
        // Already there: at once.
        try await clock.sleep(until: clock.now())
        async let sleeper: Void = clock.sleep(until: deadline)
        for step in 1...10 { clock.advance(to: Timestamp(microseconds: Int64(step) * 100)) }
        try await sleeper
        #expect(clock.now() == deadline)
        // Whoever is cancelled doesn't wait.
        let task = Task { try await clock.sleep(until: deadline.adding(seconds: 1)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aFileThatIsNoClockIsRefused() throws {
        let file = file()
        defer { try? FileManager.default.removeItem(atPath: file) }
        let missing = #expect(throws: PlayClockError.self) { try PlayClock(file: file) }
        #expect(missing?.description.contains(file) == true)
        try Data([1, 2, 3]).write(to: URL(fileURLWithPath: file))
        #expect(throws: PlayClockError.self) { try PlayClock(file: file) }
        #expect(throws: PlayClockError.self) {
            try PlayClock.create(file: "/nowhere/clock", start: Timestamp(microseconds: 0))
        }
    }

    @Test func theSystemsClockIsTheMachines() async throws {
        let clock = SystemClock()
        let now = clock.now()
        let machine = Int64(Date().timeIntervalSince1970 * 1_000_000)
        #expect(abs(machine - now.microseconds) < 5_000_000)
        try await clock.sleep(until: now.adding(.milliseconds(20)))
        #expect(clock.now() >= now.adding(.milliseconds(20)))
    }
}
