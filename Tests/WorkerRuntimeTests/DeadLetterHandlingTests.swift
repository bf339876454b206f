import Events
import Kafka
import Payments
import Postgres
import Store
import Synchronization
import Testing
import WorkerRuntime

/// Operators who handle the same dead letters at the same time.
@Suite(.timeLimit(.minutes(2))) struct DeadLetterHandlingTests {
    private func add(_ count: Int, to stage: Stage) async throws {
        let now = SystemClock().now()
        let ids = (0..<count).map { _ in EventID.make(at: now) }
            .sorted { $0.description < $1.description }
        let deadLetters = ids.enumerated().map { offset, id in
            DeadLetter(
                id: id, worker: stage.name, originTopic: stage.output,
                originPartition: 0, originOffset: Int64(offset), key: nil,
                value: Array(String(offset).utf8), headers: [], reason: "r", error: "e",
                replayCount: 0)
        }
        _ = try await stage.connection.runCount(AddDeadLetters(deadLetters, now: now))
    }

    @Test func twoOperatorsReplayEachDeadLetterOnce() async throws {
        let stage = try await Stage.open()
        let count = 2_000
        try await add(count, to: stage)
        let outcomes = try await withThrowingTaskGroup(
            of: DeadLetterHandling.Outcome.self
        ) { group in
            for name in ["ann", "bob"] {
                group.addTask {
                    let pool = stage.pool()
                    let role = try stage.role(metrics: MetricsRegistry())
                    let producer = try EventProducer(
                        settings: stage.kafka, ends: role.ends, logger: stage.logger)
                    let outbox = TransactionalOutbox(
                        worker: "dead-letters", role: role, pool: pool, producer: producer)
                    let handling = DeadLetterHandling(
                        .replay, outbox: outbox, actor: name, clock: SystemClock())
                    let outcome = try await handling.handle(DeadLetterFilter())
                    await outbox.drain()
                    await producer.close()
                    await pool.close()
                    return outcome
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.map(\.handled).reduce(0, +) == count)
        let records = try await stage.read(stage.output, count: count)
        let sources = records.compactMap { $0.text("replayed-from") }
        #expect(records.count == count)
        #expect(Set(sources).count == count)
        #expect(
            try await stage.number("select count(*) from dead_letters where status = 'replayed'")
                == Int64(count))
        #expect(
            try await stage.number("select count(distinct subject) from audit_log")
                == Int64(count))
        #expect(try await stage.number("select count(*) from audit_log") == Int64(count))
        #expect(try await stage.number("select count(*) from outbox") == 0)
    }

    @Test func aRateAndALimitAreKept() async throws {
        let stage = try await Stage.open()
        try await add(100, to: stage)
        let (pool, role) = (stage.pool(), try stage.role())
        let producer = try EventProducer(
            settings: stage.kafka, ends: role.ends, logger: stage.logger)
        let outbox = TransactionalOutbox(
            worker: "dead-letters", role: role, pool: pool, producer: producer)
        let handling = DeadLetterHandling(
            .replay, outbox: outbox, actor: "ops", clock: SystemClock())
        let steps = Mutex<[Int]>([])
        let started = ContinuousClock.now
        let outcome = try await handling.handle(
            DeadLetterFilter(), limit: 30, rate: 40
        ) { step in steps.withLock { $0.append(step.handled) } }
        #expect(
            outcome
                == {
                    var one = DeadLetterHandling.Outcome(); one.handled = 30; return one
                }())
        #expect(steps.withLock { $0 } == [10, 20, 30])
        // No faster than 40 a second.
        #expect(ContinuousClock.now - started >= .milliseconds(750))
        await outbox.drain()
        // In their original order.
        let records = try await stage.read(stage.output, count: 30)
        #expect(
            records.map { String(decoding: $0.value, as: UTF8.self) } == (0..<30).map(String.init))
        #expect(
            try await stage.number("select count(*) from dead_letters where status = 'open'") == 70)
        await producer.close()
        await pool.close()
    }

    @Test func deadLettersOfOneBatchAreInTheirRecordsOrder() async throws {
        let stage = try await Stage.open()
        let values = (0..<300).map { "\(CountingWorker.unreadable)\($0)" }
        try await stage.write(values)
        let loop = try stage.start(stage.worker())
        try await stage.wait(for: "select count(*) from dead_letters", toBe: { $0 == 300 })
        try await loop.stop()
        let page = DeadLetterPage(DeadLetterFilter(), limit: 1_000)
        let deadLetters = try await stage.connection.transaction { try await page.run(in: $0) }
        #expect(deadLetters.map(\.offset) == (0..<300).map(Int64.init))
    }

    @Test func relaysOfTheSameRowsPublishThemOnce() async throws {
        let stage = try await Stage.open()
        for index in 0..<250 {
            let event = OutgoingEvent(
                topic: stage.output, key: nil, value: Array(String(index).utf8), headers: [])
            try await stage.connection.run(
                AddToOutbox(worker: "dead-letters", sources: [], events: [event]))
        }
        try await stage.connection.execute(
            "update outbox set created_at = created_at - interval '1 minute'")
        let published = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    let pool = stage.pool()
                    let role = try stage.role(metrics: MetricsRegistry())
                    let producer = try EventProducer(
                        settings: stage.kafka, ends: role.ends, logger: stage.logger)
                    let count = try await OutboxRelay(
                        worker: "dead-letters", role: role, pool: pool, producer: producer
                    ).publishLeftovers()
                    await producer.close()
                    await pool.close()
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(published == 250)
        let records = try await stage.read(stage.output, count: 251)
        #expect(records.count == 250)
        #expect(try await stage.number("select count(*) from outbox") == 0)
    }
}
