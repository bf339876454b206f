/// The delay before each attempt, and the delay of those after the list.
public struct RetrySchedule: Sendable, Hashable {
    /// The delays before the first attempt, the second, and so on.
    public let delays: [Duration]
    /// The delay before every later attempt; `nil` where there is none.
    public let thenEvery: Duration?

    /// A schedule of these delays.
    public init(delays: [Duration], thenEvery: Duration? = nil) {
        self.delays = delays
        self.thenEvery = thenEvery
    }

    /// Deliveries to agents and merchants: ten attempts within 24 h 25 min.
    public static let delivery = RetrySchedule(
        delays: [0, 15, 60, 240, 600, 600, 3_600, 7_200, 21_600, 54_000].map { .seconds($0) })

    /// Inquiries about an order in progress: six within 49 min, then every hour.
    public static let inquiry = RetrySchedule(
        delays: [30, 60, 120, 300, 600, 1_800].map { .seconds($0) }, thenEvery: .seconds(3_600))

    /// The delay before the next attempt; `nil` where there is none.
    /// - Parameter attempts: the number of attempts made so far.
    public func next(afterAttempt attempts: Int) -> Duration? {
        let made = max(0, attempts)
        return made < delays.count ? delays[made] : thenEvery
    }
}
