import Postgres
import TestStack

/// Measures how long a role takes from a kill until it works again: until the stored offset of
/// every partition it reads has moved past where the kill left it.
///
/// Where another kill of the same role comes before that, it is measured from the last; where
/// something that every process needs was unavailable, from its return, and kept apart.
actor RecoveryClock {
    private struct Episode {
        var start: ContinuousClock.Instant
        var hadOutage = false
        // The stored offsets at its start; nil until the database has answered.
        var left: [Int32: Int64]?
    }

    private let stack: FaultStack
    private var episodes: [FaultRole: Episode] = [:]
    /// After kills.
    private(set) var afterKills: [Duration] = []
    /// After kills during an outage, from its end.
    private(set) var afterOutages: [Duration] = []

    init(stack: FaultStack) { self.stack = stack }

    /// Whether every role works.
    var isSettled: Bool { episodes.isEmpty }

    /// The roles that don't work yet.
    var waiting: [FaultRole] { FaultRole.allCases.filter { episodes[$0] != nil } }

    /// A process of the role was killed.
    func killed(_ role: FaultRole) { episodes[role] = Episode(start: .now) }

    /// What every process needs was unavailable, and is back.
    func outageEnded() {
        for role in episodes.keys {
            episodes[role]?.start = .now
            episodes[role]?.hadOutage = true
        }
    }

    /// Reads the offsets until cancelled; `feed` publishes a record to every partition.
    func watch(_ feed: Feed) async throws {
        while !Task.isCancelled {
            for role in FaultRole.allCases where episodes[role] != nil {
                if let offsets = await offsets(of: role) { try await compare(role, offsets, feed) }
            }
            try? await Task.sleep(for: .milliseconds(50))
        }
    }

    private func compare(
        _ role: FaultRole, _ offsets: [Int32: Int64], _ feed: Feed
    ) async throws {
        guard let episode = episodes[role] else { return }
        guard let left = episode.left else {
            episodes[role]?.left = offsets
            return try await feed.probe(role)
        }
        guard left.allSatisfy({ partition, offset in offsets[partition, default: 0] > offset })
        else { return }
        let duration = ContinuousClock.now - episode.start
        if episode.hadOutage {
            afterOutages.append(duration)
        } else {
            afterKills.append(duration)
        }
        episodes[role] = nil
        FaultRun.log("    \(role) works again after \(duration)")
    }

    private func offsets(of role: FaultRole) async -> [Int32: Int64]? {
        let rows = try? await stack.query(
            "select partition, next_offset from consumer_offsets where worker = '\(role)'")
        guard let rows else { return nil }
        let pairs = try? rows.map { (try $0.int32(0), try $0.int64(1)) }
        return pairs.map { Dictionary($0) { first, _ in first } }
    }
}
