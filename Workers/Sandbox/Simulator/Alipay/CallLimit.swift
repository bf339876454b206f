import Payments

/// Counts the calls of each method in the present second of business time.
struct CallLimit: Sendable {
    private let perSecond: Int
    private var second: Int64 = 0
    private var counts: [String: Int] = [:]

    init(perSecond: Int) { self.perSecond = perSecond }

    /// Counts a call and says whether it is one too many.
    mutating func refuses(_ method: String, at now: Timestamp) -> Bool {
        let present = now.microseconds / 1_000_000
        if present != second {
            second = present
            counts = [:]
        }
        counts[method, default: 0] += 1
        return counts[method, default: 0] > perSecond
    }
}
