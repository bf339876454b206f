import Logging
import Payments
import WorkerRuntime

/// Merchants and payers that act without end, for a stack that is left running.
public struct LivePlay: Sendable {
    private let seed: UInt64
    private let parties: SampleParties
    private let clock: any BusinessClock
    private let ordersPerMinute: Int
    private let logger: Logger
    private let makePlayer: @Sendable (DayPlan) -> ActionPlayer

    /// Orders of a round; each round is the plan of a small day.
    private static let round = 100
    /// A scenario's waits are divided by this, so that an order ends within minutes.
    private static let speedup: Int64 = 10

    init(
        seed: UInt64, parties: SampleParties, clock: any BusinessClock, ordersPerMinute: Int,
        logger: Logger, makePlayer: @escaping @Sendable (DayPlan) -> ActionPlayer
    ) {
        self.seed = seed
        self.parties = parties
        self.clock = clock
        self.ordersPerMinute = max(1, ordersPerMinute)
        self.logger = logger
        self.makePlayer = makePlayer
    }

    /// Plays until the task is cancelled.
    public func run() async throws {
        while true {
            let now = clock.now()
            // The second makes the order numbers of rounds and of restarts differ.
            let plan = DayPlan.make(
                seed: seed ^ UInt64(clamping: now.seconds(since: Timestamp(microseconds: 0))),
                orders: Self.round, day: .containing(now), parties: parties
            ).numbered(from: now)
            try await play(plan)
        }
    }

    private func play(_ plan: DayPlan) async throws {
        let player = makePlayer(plan)
        let lanes = Dictionary(grouping: plan.actions, by: \.lane)
        let gap = Duration.seconds(60) / ordersPerMinute
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in lanes.keys.sorted() {
                let actions = lanes[lane] ?? []
                group.addTask { try await play(actions, with: player) }
                try await Task.sleep(for: gap)
            }
            try await group.waitForAll()
        }
        for reply in await player.ledger.report.unexpected {
            logger.notice("an unexpected reply", metadata: ["detail": "\(reply)"])
        }
    }

    private func play(_ actions: [PlannedAction], with player: ActionPlayer) async throws {
        var before = actions.first?.at
        for action in actions {
            let wait = action.at.seconds(since: before ?? action.at) / Self.speedup
            try await clock.sleep(until: clock.now().adding(seconds: max(0, wait)))
            before = action.at
            await player.play(action)
        }
    }
}

extension DayPlan {
    /// The same plan with order numbers that contain the second of its start, and without the
    /// faults that depend on midnight.
    func numbered(from now: Timestamp) -> DayPlan {
        let second = String(now.seconds(since: day.start))
        let renamed = orders.map { order in
            PlannedOrder(
                index: order.index, scenario: order.scenario, merchantNo: order.merchantNo,
                merchantOrderNo: order.merchantOrderNo + "-" + second, product: order.product,
                amount: order.amount, subject: order.subject,
                expiresInSeconds: order.expiresInSeconds, keyVersion: order.keyVersion,
                namesNotifyURL: order.namesNotifyURL, returnURL: nil, attach: order.attach,
                faults: order.faults.withoutMidnight())
        }
        return DayPlan(
            seed: seed, day: day, orders: renamed, actions: actions, receiverMishaps: [],
            bankMishaps: [])
    }
}

extension ChannelFaults {
    fileprivate func withoutMidnight() -> ChannelFaults {
        var copy = self
        copy.backdatedPayment = nil
        return copy
    }
}
