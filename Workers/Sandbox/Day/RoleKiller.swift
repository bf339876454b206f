import Simulator
import WorkerRuntime

/// Kills roles while a day is played, at random times and at the steps of their work: the day's
/// figures must be the same.
struct RoleKiller: Sendable {
    let children: ChildRoles
    /// The indices of the children that may be killed.
    let victims: [Int]
    /// Those of them that may crash at a step: the leases they hold then are short enough to wait
    /// for.
    let crashable: Set<Int>
    /// How many kills.
    let count: Int
    let seed: UInt64

    // A process that is set to crash at a step it doesn't reach is killed after this time.
    private static let patience: Duration = .seconds(8)

    /// Runs until it is cancelled.
    /// - Returns: kills that happened, by the step at which they did, or `random`; no more than
    ///   `count`, and fewer where the day was over before.
    func run() async throws -> [String: Int] {
        var random = SeededRandom(seed: seed, label: "kills")
        var kills: [String: Int] = [:]
        // Every step is used once before any is used again.
        var steps: [CrashPoint] = []
        var next = ContinuousClock.now
        var plannedAt = next
        while !Task.isCancelled {
            for step in try await children.restartCrashed(victims) {
                kills[step.rawValue, default: 0] += 1
            }
            let planned = await children.withCrashPlan
            let left = count - planned.count - kills.values.reduce(0, +)
            if !planned.isEmpty, ContinuousClock.now - plannedAt > Self.patience {
                for victim in planned.sorted()
                where try await children.replace(victim, crashAt: nil, count: 0) {
                    kills["random", default: 0] += 1
                }
                continue
            }
            // A process that is set to crash gets time to reach its step, while others are left.
            let others = victims.filter { !planned.contains($0) }
            if left > 0, next <= .now, let victim = random.pick(others.isEmpty ? victims : others) {
                next = .now + .milliseconds(random.number(in: 300...1_500))
                if steps.isEmpty { steps = random.shuffled(CrashPoint.allCases) }
                let isPlanned =
                    left > 1 && crashable.contains(victim) && random.number(in: 1...3) == 1
                let step = isPlanned ? steps.popLast() : nil
                let times = random.number(in: 1...3)
                if step != nil { plannedAt = .now }
                if try await children.replace(victim, crashAt: step, count: times) {
                    kills["random", default: 0] += 1
                }
            }
            try? await Task.sleep(for: .milliseconds(30))
        }
        for step in try await children.restartCrashed(victims) {
            kills[step.rawValue, default: 0] += 1
        }
        return kills
    }
}
