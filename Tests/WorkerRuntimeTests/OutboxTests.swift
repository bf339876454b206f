import Kafka
import Payments
import Postgres
import Store
import TestServices
import TestWaiting
import Testing
import WorkerRuntime

/// Events that no record caused are stored and published in the same way.
@Suite(.timeLimit(.minutes(2))) struct OutboxTests {
    private struct Undo: Error {}

    private func event(_ stage: Stage, _ value: String) -> OutgoingEvent {
        OutgoingEvent(
            topic: stage.output, key: nil, value: Array(value.utf8),
            headers: [.init("h", value)])
    }

    private func producer(_ stage: Stage) throws -> EventProducer {
        try EventProducer(settings: stage.kafka, ends: try stage.role().ends, logger: stage.logger)
    }

    @Test func eventsOfATransactionArePublishedAfterItsCommit() async throws {
        let stage = try await Stage.open()
        let (pool, producer) = (stage.pool(), try producer(stage))
        let outbox = TransactionalOutbox(
            worker: stage.name, role: try stage.role(), pool: pool, producer: producer)
        await #expect(throws: Undo.self) {
            try await outbox.run { transaction in
                try await transaction.execute("insert into effects (id) values ('undone')")
                throw Undo()
            }
        }
        try await outbox.run { _ in [] }
        for value in ["a", "b", "c"] {
            let event = event(stage, value)
            try await outbox.run { transaction in
                try await transaction.execute("insert into effects (id) values ('\(value)')")
                return [event]
            }
        }
        await outbox.drain()
        #expect(try await stage.number("select count(*) from outbox") == 0)
        #expect(try await stage.effects() == ["a", "b", "c"])
        let published = try await stage.read(stage.output, count: 3)
        #expect(published.map { $0.text("h") } == ["a", "b", "c"])
        await producer.close()
        await pool.close()
    }

    @Test func theRelayPublishesWhatItsOwnerDidNot() async throws {
        let stage = try await Stage.open()
        for value in ["old-1", "old-2", "young"] {
            try await stage.connection.run(
                AddToOutbox(worker: stage.name, sources: [], events: [event(stage, value)]))
        }
        try await stage.connection.execute(
            "update outbox set created_at = created_at - interval '1 minute' where outbox_id <= 2")
        let (pool, producer) = (stage.pool(), try producer(stage))
        let service = RunningService(
            OutboxRelay(
                worker: stage.name, role: try stage.role(), pool: pool, producer: producer,
                settleTime: .zero),
            logger: stage.logger)
        let published = try await stage.read(stage.output, count: 2)
        #expect(published.map { $0.text("h") } == ["old-1", "old-2"])
        // A young row may still be in its own publisher's queue.
        try await stage.wait(for: "select count(*) from outbox", toBe: { $0 == 1 })
        #expect(try await service.stop() < RunningService.stopLimit)
        await producer.close()
        await pool.close()
    }

    @Test func aRelayWaitsUntilTheBrokerHasAnsweredForSomeTime() async throws {
        let stage = try await Stage.open()
        try await stage.connection.run(
            AddToOutbox(worker: stage.name, sources: [], events: [event(stage, "old")]))
        try await stage.connection.execute(
            "update outbox set created_at = created_at - interval '1 minute'")
        let (pool, producer, role) = (stage.pool(), try producer(stage), try stage.role())
        let service = RunningService(
            OutboxRelay(
                worker: stage.name, role: role, pool: pool, producer: producer,
                settleTime: .seconds(3600)),
            logger: stage.logger)
        // Its age is measured after the turn in which the relay would have published it.
        try await eventually("a turn is over") {
            role.metrics.text().split(separator: "\n").contains {
                $0.hasPrefix("tally_outbox_oldest_seconds") && !$0.hasSuffix(" 0")
            }
        }
        #expect(try await stage.number("select count(*) from outbox") == 1)
        _ = try await service.stop()
        await producer.close()
        await pool.close()
    }

    @Test func aRelayHoldsNoTransactionAndStopsThoughNoPublishIsAcknowledged() async throws {
        let stage = try await Stage.open()
        try await stage.connection.run(
            AddToOutbox(worker: stage.name, sources: [], events: [event(stage, "old")]))
        try await stage.connection.execute(
            "update outbox set created_at = created_at - interval '1 minute'")
        let pool = stage.pool()
        let mock = try #require(MockCluster())
        mock.createTopic(stage.output)
        mock.failAllProduces()
        let nowhere = try EventProducer(
            settings: KafkaSettings(brokers: mock.brokers), ends: ProducedEnds(),
            logger: stage.logger)
        let service = RunningService(
            OutboxRelay(
                worker: stage.name, role: try stage.role(), pool: pool, producer: nowhere,
                settleTime: .zero),
            logger: stage.logger)
        try await eventually("it publishes") { nowhere.queueLength == 1 }
        #expect(
            try await stage.number(
                """
                select count(*) from pg_stat_activity where datname = current_database()
                    and pid <> pg_backend_pid() and xact_start is not null
                """) == 0)
        // Another process's relay leaves the rows to this one.
        let producer = try producer(stage)
        let other = OutboxRelay(
            worker: stage.name, role: try stage.role(metrics: MetricsRegistry()), pool: pool,
            producer: producer)
        #expect(try await other.publishLeftovers() == 0)
        #expect(try await service.stop() < .seconds(5))
        try await stage.connection.execute("delete from outbox_relays")
        #expect(try await other.publishLeftovers() == 1)
        #expect(try await stage.number("select count(*) from outbox") == 0)
        await nowhere.close()
        await producer.close()
        await pool.close()
    }

    @Test func aReplayedDeadLetterIsPublishedUnchangedAndOnce() async throws {
        let stage = try await Stage.open()
        // Refused at first, with its batch and alone; after that the handler accepts it.
        let refuses = Calls()
        let worker = stage.worker(onApply: { items, _ in
            if await refuses.next() <= 2 { throw Poison(reason: "not_yet", error: "x") }
        })
        try await stage.write(["1"])
        let loop = try stage.start(worker)
        try await stage.wait(for: "select count(*) from dead_letters", toBe: { $0 == 1 })
        let (pool, producer) = (stage.pool(), try producer(stage))
        let outbox = TransactionalOutbox(
            worker: "ops", role: try stage.role(), pool: pool, producer: producer)
        let replay = DeadLetterHandling(
            .replay, outbox: outbox, actor: "ops", clock: SystemClock())
        for (reason, count) in [("other", 0), ("not_yet", 1), ("not_yet", 0)] {
            let outcome = try await replay.handle(DeadLetterFilter(reasons: [reason]))
            #expect(outcome.handled == count)
        }
        await outbox.drain()
        try await stage.waitForEffects(1)
        try await loop.stop()
        #expect(try await stage.effects() == ["1"])
        let records = try await stage.read(stage.input, count: 2)
        #expect(records.count == 2)
        let replayed = try #require(records.last)
        #expect(replayed.key == records[0].key)
        #expect(replayed.value == records[0].value)
        #expect(replayed.text("h") == "1")
        #expect(replayed.text("replay-count") == "1")
        let id = try await stage.connection.execute(
            "select dead_letter_id::text from dead_letters")[0].text(0)
        #expect(replayed.text("replayed-from") == id)
        #expect(
            try await stage.number("select count(*) from dead_letters where status = 'replayed'")
                == 1)
        #expect(try await stage.number("select count(*) from audit_log") == 1)
        await producer.close()
        await pool.close()
    }
}
