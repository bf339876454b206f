import Kafka
import Postgres
import Store
import Testing
import WorkerRuntime

/// An outage costs time, never a record.
@Suite(.timeLimit(.minutes(3))) struct OutageTests {
    @Test(arguments: [
        "do $$ begin raise exception 'try again' using errcode = '40001'; end $$",
        "select pg_terminate_backend(pg_backend_pid())",
    ])
    func aTransientFailureIsRetriedAndNeverADeadLetter(sql: String) async throws {
        let stage = try await Stage.open()
        let calls = Calls()
        let worker = stage.worker(onApply: { _, transaction in
            if await calls.next() <= 3 { try await transaction.execute(sql) }
        })
        let values = (0..<300).map(String.init)
        try await stage.write(values)
        let loop = try stage.start(worker)
        try await stage.waitForEffects(values.count)
        try await stage.waitForEmptyOutbox()
        #expect(stage.metrics.value(of: "tally_worker_ready") == 1)
        try await loop.stop()
        #expect(try await stage.effects() == values)
        #expect(try await stage.number("select count(*) from dead_letters") == 0)
        #expect((stage.metrics.value(of: "tally_worker_retries_total") ?? 0) >= 3)
    }

    @Test func aStopWhileTheDatabaseIsUnavailableLeavesTheBatchToTheNextOwner() async throws {
        let stage = try await Stage.open()
        let isFailing = Signal()
        let worker = stage.worker(onApply: { _, transaction in
            await isFailing.set()
            try await transaction.execute("select pg_terminate_backend(pg_backend_pid())")
        })
        try await stage.write(["1", "2"])
        let broken = try stage.start(worker)
        await isFailing.wait()
        #expect(try await broken.stop() < RunningService.stopLimit)
        #expect(try await stage.effects() == [])
        let next = try stage.start(stage.worker())
        try await stage.waitForEffects(2)
        try await next.stop()
        #expect(try await stage.effects() == ["1", "2"])
    }

    @Test func aStopWhileTheBrokerIsUnavailableLeavesTheEventsToTheNextOwner() async throws {
        let stage = try await Stage.open()
        let values = (0..<20).map(String.init)
        try await stage.write(values)
        let nowhere = try EventProducer(
            settings: KafkaSettings(brokers: "127.0.0.1:1"), ends: ProducedEnds(),
            limits: ProducerLimits(deliveryTimeout: .milliseconds(300)), logger: stage.logger)
        // A row a record: more rows than the publisher queues.
        let stuck = try stage.start(
            stage.worker(), limits: BatchLimits(records: 1), producer: nowhere)
        try await stage.wait(for: "select count(*) from outbox", toBe: { $0 >= 5 })
        #expect(try await stuck.stop() < RunningService.stopLimit)
        #expect(try await stage.number("select count(*) from outbox") >= 5)
        let next = try stage.start(stage.worker())
        try await stage.waitForEffects(values.count)
        try await stage.waitForEmptyOutbox()
        try await next.stop()
        #expect(try await stage.effects() == values)
        let published = try await stage.read(stage.output, count: values.count)
        #expect(published.map { String(decoding: $0.value, as: UTF8.self) } == values)
    }
}
