import Payments

/// Counts the calls of each method in the current second of business time.
struct CallLimit: Sendable {
    private let perSecond: Int
    private var second: Int64 = 0
    private var counts: [String: Int] = [:]

    init(perSecond: Int) { self.perSecond = perSecond }

    /// Counts a call and returns whether it is over the limit.
    mutating func refuses(_ method: String, at now: Timestamp) -> Bool {
        let current = now.microseconds / 1_000_000
        if current != second {
            second = current
            counts = [:]
        }
        counts[method, default: 0] += 1
        return counts[method, default: 0] > perSecond
    }
}
