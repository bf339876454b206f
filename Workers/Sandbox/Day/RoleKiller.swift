import Simulator
import WorkerRuntime

/// Kills roles while a day is played, at random and at the steps of their work: the day's figures
/// must not tell.
struct RoleKiller: Sendable {
    let children: ChildRoles
    /// The places among the children of those that may die.
    let victims: [Int]
    /// Those of them that may die with a job in hand whose lease is short enough to be waited for.
    let doomable: Set<Int>
    /// How many times.
    let count: Int
    let seed: UInt64

    // A process that is set to crash at a step it doesn't reach is killed after this time.
    private static let patience: Duration = .seconds(8)

    /// Runs until it is cancelled.
    /// - Returns: kills that happened, by the step at which they did, or `random`; no more than
    ///   `count`, and fewer where the day was over before.
    func run() async throws -> [String: Int] {
        var random = SeededRandom(seed: seed, label: "kills")
        var deaths: [String: Int] = [:]
        // Steps are dealt out, so that each comes up before any comes again.
        var steps: [CrashPoint] = []
        var next = ContinuousClock.now
        var plannedAt = next
        while !Task.isCancelled {
            for step in try await children.revive(victims) {
                deaths[step.rawValue, default: 0] += 1
            }
            let doomed = await children.doomed
            let left = count - doomed.count - deaths.values.reduce(0, +)
            if !doomed.isEmpty, ContinuousClock.now - plannedAt > Self.patience {
                for victim in doomed.sorted()
                where try await children.replace(victim, toDieAt: nil, count: 0) {
                    deaths["random", default: 0] += 1
                }
                continue
            }
            // A process that is set to crash gets the time to reach its step, while others are left.
            let others = victims.filter { !doomed.contains($0) }
            if left > 0, next <= .now, let victim = random.pick(others.isEmpty ? victims : others) {
                next = .now + .milliseconds(random.number(in: 300...1_500))
                if steps.isEmpty { steps = random.shuffled(CrashPoint.allCases) }
                let isDoomed =
                    left > 1 && doomable.contains(victim) && random.number(in: 1...3) == 1
                let step = isDoomed ? steps.popLast() : nil
                let times = random.number(in: 1...3)
                if step != nil { plannedAt = .now }
                if try await children.replace(victim, toDieAt: step, count: times) {
                    deaths["random", default: 0] += 1
                }
            }
            try? await Task.sleep(for: .milliseconds(30))
        }
        for step in try await children.revive(victims) { deaths[step.rawValue, default: 0] += 1 }
        return deaths
    }
}
