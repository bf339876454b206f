import Kafka
import Logging
import Payments
import Postgres
import Simulator
import Store
import WorkerRuntime

/// Conducts a played day: the plan, the night, the next morning with its statement, the settlement
/// and the payouts, and an operator who sees to the dead letters.
struct DayConductor: Sendable {
    let simulator: Simulator
    let clock: PlayClock
    let pool: PostgresPool
    let producer: EventProducer
    let quiescence: DayQuiescence
    let role: RoleContext

    /// Returns what the merchants and payers saw.
    func play(_ plan: DayPlan) async throws -> PlayReport {
        let publisher = EventPublisher(producer: producer)
        let player = simulator.player(
            for: plan, clock: clock, publisher: publisher, quiescence: quiescence)
        _ = try await player.run()
        // The operator comes in the morning, before the statement: what is replayed then is in it.
        try await player.advance(to: plan.day.end.adding(seconds: 8 * 3_600), stepSeconds: 1_800)
        try await seeToDeadLetters()
        try await player.advance(to: plan.day.end.adding(seconds: 13 * 3_600), stepSeconds: 600)
        return try await simulator.conclude(player)
    }

    // A letter about an order that isn't known may find it now; the rest is given up.
    private func seeToDeadLetters() async throws {
        let outbox = TransactionalOutbox(
            worker: "dead-letters", role: role, pool: pool, producer: producer)
        let replay = DeadLetterHandling(
            .replay, outbox: outbox, actor: "demo-operator", clock: clock)
        _ = try await replay.handle(DeadLetterFilter(reasons: ["order_unknown"]))
        await outbox.drain()
    }
}

/// Publishes the simulator's records through the runtime's producer, so that their offsets count.
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
