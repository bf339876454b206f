/// When to try again: the waits before each attempt, and what comes after the last of them.
public struct RetrySchedule: Sendable, Hashable {
    /// The wait before the first attempt, before the second, and so on.
    public let delays: [Duration]
    /// The wait before every attempt after those; `nil` where there are no more.
    public let thenEvery: Duration?

    /// A schedule.
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

    /// How long to wait after so many attempts; `nil` when there is to be no other.
    /// - Parameter attempts: attempts made so far; 0 gives the wait before the first.
    public func next(afterAttempt attempts: Int) -> Duration? {
        let made = max(0, attempts)
        return made < delays.count ? delays[made] : thenEvery
    }
}
