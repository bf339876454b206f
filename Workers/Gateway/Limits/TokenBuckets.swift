import Synchronization

/// A token bucket for each key: requests a second, and bursts of twice as many.
final class TokenBuckets<Key: Hashable & Sendable>: Sendable {
    private struct Bucket {
        var tokens: Double
        var filledAt: ContinuousClock.Instant
    }

    private struct State {
        var buckets: [Key: Bucket] = [:]
        // Shared by the keys that have no room; empty only under a flood of different keys.
        var overflow: Bucket?
        var prunedAt: ContinuousClock.Instant?
    }

    private let state = Mutex(State())
    private let perSecond: Double
    private let burst: Double
    private let capacity: Int

    /// - Parameters:
    ///   - perSecond: 0 for any number.
    ///   - capacity: how many keys are remembered.
    init(perSecond: Int, capacity: Int = 65_536) {
        self.perSecond = Double(perSecond)
        burst = 2 * Double(perSecond)
        self.capacity = capacity
    }

    /// Takes a token.
    /// - Returns: whether there was one.
    func take(_ key: Key, at now: ContinuousClock.Instant) -> Bool {
        guard perSecond > 0 else { return true }
        return state.withLock { state in
            if state.buckets[key] == nil && state.buckets.count >= capacity {
                prune(&state, at: now)
            }
            guard state.buckets[key] != nil || state.buckets.count < capacity else {
                var shared = state.overflow ?? Bucket(tokens: burst, filledAt: now)
                defer { state.overflow = shared }
                return take(from: &shared, at: now)
            }
            var bucket = state.buckets[key] ?? Bucket(tokens: burst, filledAt: now)
            defer { state.buckets[key] = bucket }
            return take(from: &bucket, at: now)
        }
    }

    // A bucket that is full again is the same as none. Reading all of them costs milliseconds, so a
    // flood of new keys may cause it once a second.
    private func prune(_ state: inout State, at now: ContinuousClock.Instant) {
        if let last = state.prunedAt, now - last < .seconds(1) { return }
        state.prunedAt = now
        state.buckets = state.buckets.filter { !isFull($0.value, at: now) }
    }

    private func take(from bucket: inout Bucket, at now: ContinuousClock.Instant) -> Bool {
        let filled = bucket.tokens + (now - bucket.filledAt) / .seconds(1) * perSecond
        bucket = Bucket(tokens: min(burst, filled), filledAt: now)
        guard bucket.tokens >= 1 else { return false }
        bucket.tokens -= 1
        return true
    }

    private func isFull(_ bucket: Bucket, at now: ContinuousClock.Instant) -> Bool {
        bucket.tokens + (now - bucket.filledAt) / .seconds(1) * perSecond >= burst
    }
}
