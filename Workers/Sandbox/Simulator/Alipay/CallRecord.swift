import Payments

/// Counts the server calls about each trade, and refuses too many of one method within a second of
/// business time.
///
/// A played day's clock pauses while its roles work, so that a loop without a wait is seen at once.
struct CallRecord: Sendable {
    private struct Key: Hashable {
        let orderNo: String
        let method: String
    }

    private struct Count {
        var total = 0
        var second: Int64 = 0
        var inSecond = 0
    }

    private let perSecond: Int
    private var counts: [Key: Count] = [:]

    /// - Parameter perSecond: calls of one method about one trade that are answered in a second.
    init(perSecond: Int = 10) { self.perSecond = perSecond }

    /// Counts a call and returns whether it is over the limit.
    mutating func refuses(_ method: String, orderNo: String, at now: Timestamp) -> Bool {
        let second = now.microseconds / 1_000_000
        var count = counts[Key(orderNo: orderNo, method: method)] ?? Count()
        if count.second != second { count.inSecond = 0 }
        count.second = second
        count.inSecond += 1
        count.total += 1
        counts[Key(orderNo: orderNo, method: method)] = count
        return count.inSecond > perSecond
    }

    /// How many calls there were about a trade, by method.
    func totals(of orderNo: String) -> [String: Int] {
        var totals: [String: Int] = [:]
        for method in AlipayMethod.allCases {
            guard let count = counts[Key(orderNo: orderNo, method: method.rawValue)] else {
                continue
            }
            totals[method.rawValue] = count.total
        }
        return totals
    }
}
