import Kafka
import Logging
import Payments
import Postgres
import Simulator
import Store
import WorkerRuntime

/// Conducts a played day: the plan, the night, the next morning with its statement, the settlement
/// and the payouts, and an operator who handles the dead letters.
struct DayConductor: Sendable {
    let simulator: Simulator
    let clock: PlayClock
    let pool: PostgresPool
    let producer: EventProducer
    let quiescence: DayQuiescence
    let role: RoleContext

    /// Returns the responses that merchants and payers got.
    func play(_ plan: DayPlan) async throws -> PlayReport {
        let publisher = EventPublisher(producer: producer)
        let player = simulator.player(
            for: plan, clock: clock, publisher: publisher, quiescence: quiescence)
        _ = try await player.run()
        // The operator works before the statement is fetched, so that replayed payments are in it.
        try await player.advance(to: plan.day.end.adding(seconds: 8 * 3_600), stepSeconds: 1_800)
        try await handleDeadLetters()
        try await player.advance(to: Self.end(of: plan), stepSeconds: 600)
        let report = try await simulator.conclude(player)
        return report.adding(try await findings(plan))
    }

    /// How long after its time something in progress counts as stuck.
    private static let bound: Int64 = 3_600

    /// Orders and refunds in progress past their bound, and orders whose merchants see something
    /// else than the channel has.
    private func findings(_ plan: DayPlan) async throws -> [String] {
        let now = clock.now()
        let bound = now.adding(seconds: -Self.bound)
        let (orders, stuck, refunds) = try await pool.withConnection { connection in
            (
                try await connection.run(OrderStates()),
                try await connection.run(StuckOrders(overdueBefore: bound, limit: 1_000)),
                try await connection.run(StuckRefunds(overdueBefore: bound, limit: 1_000))
            )
        }
        let views = ChannelViews(
            trades: Dictionary(await simulator.alipay.trades().map { ($0.orderNo, $0) }) { one, _ in
                one
            },
            channelOnly: plan.actions.count {
                if case .channelOnlyTrade = $0.kind { true } else { false }
            }, now: now)
        return views.differences(orders)
            + stuck.map { "order \($0.orderNo) is in progress past its bound" }
            + refunds.map { "refund \($0.refundNo) of order \($0.orderNo) is past its bound" }
    }

    /// When a played day is over: one o'clock in the afternoon of the next day, after the payouts.
    static func end(of plan: DayPlan) -> Timestamp { plan.day.end.adding(seconds: 13 * 3_600) }

    // A callback of an order that was unknown may find it now; the other dead letters stay open.
    private func handleDeadLetters() async throws {
        let outbox = TransactionalOutbox(
            worker: "dead-letters", role: role, pool: pool, producer: producer)
        let replay = DeadLetterHandling(
            .replay, outbox: outbox, actor: "demo-operator", clock: clock)
        _ = try await replay.handle(DeadLetterFilter(reasons: ["order_unknown"]))
        await outbox.drain()
    }
}

/// Publishes the simulator's records through the runtime's producer, so that their offsets are
/// among the produced ends.
struct EventPublisher: RecordPublisher {
    let producer: EventProducer

    func publish(topic: String, key: String, value: [UInt8]) async throws {
        try await producer.publish([
            OutgoingEvent(
                topic: topic, key: Array(key.utf8), value: value,
                headers: [.init("content-type", "application/json")])
        ])
    }
}
