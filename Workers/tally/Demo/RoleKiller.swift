import Simulator

/// Kills roles while a day is played, one after the other, at random: the day's figures must not
/// tell.
struct RoleKiller: Sendable {
    let children: ChildRoles
    /// The places among the children of those that may die.
    let victims: [Int]
    /// How many times.
    let count: Int
    let seed: UInt64

    /// Returns how many it has killed, when that is `count` or when it is cancelled.
    func run() async throws -> Int {
        var dice = Dice(seed: seed, label: "kills")
        var killed = 0
        while killed < count {
            do {
                try await Task.sleep(for: .milliseconds(dice.roll(300...1_500)))
            } catch {
                return killed
            }
            guard let victim = dice.pick(victims) else { return killed }
            try await children.replace(victim)
            killed += 1
        }
        return killed
    }
}
