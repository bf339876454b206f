import Logging
public import Payments
import WorkerRuntime

/// Plays a planned day and moves its clock; nothing else moves it.
///
/// Business time advances in steps. A step's actions run concurrently, those of one order one
/// after the other; the clock moves again only when the system has done all that was due. So the
/// figures depend on the seed and not on the machine's speed.
public actor DayPlayer {
    /// How the day is paced.
    public struct Pace: Sendable {
        /// Business time of a step, in seconds.
        public var stepSeconds: Int64 = 300
        /// Orders that are acted on at the same time.
        public var width = 64
        /// The pause between two checks for quiescence, in real time.
        public var pollInterval: Duration = .milliseconds(10)
        /// How long a step may take in real time before the play fails: more than the longest lease
        /// that a killed role leaves behind.
        public var limit: Duration = .seconds(400)

        /// The pace of `tally demo`.
        public init() {}
    }

    /// The plan.
    public let plan: DayPlan
    private let pace: Pace
    private let player: ActionPlayer
    private let clock: PlayClock
    private let quiescence: any Quiescence
    private let receivers: Receivers
    private let bank: SimulatedBank
    private let logger: Logger
    private var nextAction = 0

    init(
        plan: DayPlan, pace: Pace, player: ActionPlayer, clock: PlayClock,
        quiescence: any Quiescence, receivers: Receivers, bank: SimulatedBank, logger: Logger
    ) {
        self.plan = plan
        self.pace = pace
        self.player = player
        self.clock = clock
        self.quiescence = quiescence
        self.receivers = receivers
        self.bank = bank
        self.logger = logger
    }

    /// Plays the whole plan, from `plan.start` to `plan.end`.
    public func run() async throws -> PlayReport {
        await receivers.force(plan.receiverMishaps)
        await bank.force(plan.bankMishaps)
        try await advance(to: plan.end)
        return await player.ledger.report
    }

    /// The report so far.
    public func report() async -> PlayReport { await player.ledger.report }

    /// Moves business time to `end` in steps and performs what is planned on the way. May be called
    /// past the plan's end, for what the system itself has scheduled.
    /// - Parameter stepSeconds: overrides the pace's step.
    /// - Throws: `PlayError` if a step isn't quiet within the pace's limit.
    public func advance(to end: Timestamp, stepSeconds: Int64? = nil) async throws {
        var time = max(clock.now(), plan.day.start)
        let length = max(1, stepSeconds ?? pace.stepSeconds)
        while time < end {
            // Steps end at multiples of their length after midnight: one ends at each midnight.
            let elapsed = (time.microseconds - plan.day.start.microseconds) / 1_000_000
            let next = plan.day.start.adding(seconds: (elapsed / length + 1) * length)
            time = min(next, end)
            try await step(to: time)
        }
    }

    private func step(to time: Timestamp) async throws {
        clock.advance(to: time)
        await play(takeActions(until: time))
        let start = ContinuousClock.now
        repeat {
            await player.alipay.work()
            try await rest(since: start, at: time)
        } while await !player.alipay.isIdle()
    }

    /// Removes the actions up to `time`: a list for each lane.
    private func takeActions(until time: Timestamp) -> [[PlannedAction]] {
        var order: [Int] = []
        var lanes: [Int: [PlannedAction]] = [:]
        while nextAction < plan.actions.count, plan.actions[nextAction].at <= time {
            let action = plan.actions[nextAction]
            if lanes[action.lane] == nil { order.append(action.lane) }
            lanes[action.lane, default: []].append(action)
            nextAction += 1
        }
        return order.compactMap { lanes[$0] }
    }

    private func play(_ lanes: [[PlannedAction]]) async {
        let player = player
        await withTaskGroup(of: Void.self) { group in
            for (index, lane) in lanes.enumerated() {
                if index >= pace.width { await group.next() }
                group.addTask {
                    for action in lane { await player.play(action) }
                }
            }
        }
    }

    private func rest(since start: ContinuousClock.Instant, at time: Timestamp) async throws {
        while try await !quiescence.isQuiet() {
            guard ContinuousClock.now - start < pace.limit else {
                let what = await quiescence.whatIsNotQuiet()
                throw PlayError(
                    time: time.shanghai,
                    detail: "\(what) was not quiet within \(pace.limit)")
            }
            try await Task.sleep(for: pace.pollInterval)
        }
    }
}
