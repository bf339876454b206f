import Kafka
import Postgres
import Testing
import WorkerRuntime

/// The loop on a real broker and database, without failures.
@Suite(.timeLimit(.minutes(3))) struct BatchLoopTests {
    @Test func everyRecordHasItsEffectOnceAndIsPublished() async throws {
        let stage = try await Stage.open(partitions: 3)
        let values = (0..<3_000).map(String.init)
        try await stage.write(values)
        let loop = try stage.start(stage.worker(), limits: BatchLimits(records: 400))
        try await stage.waitForEffects(values.count)
        try await stage.waitForEmptyOutbox()
        try await loop.stop()
        #expect(try await stage.effects().sorted() == values.sorted())
        let published = try await stage.read(stage.output, count: values.count)
        #expect(
            published.map { String(decoding: $0.value, as: UTF8.self) }.sorted()
                == values.sorted())
        #expect(
            try await stage.number("select sum(next_offset)::bigint from consumer_offsets")
                == 3_000)
        #expect(stage.metrics.value(of: "tally_worker_records_total") == 3_000)
        #expect(stage.metrics.value(of: "tally_worker_poison_total") == 0)
        #expect(try await stage.number("select count(*) from dead_letters") == 0)
    }

    @Test func aPartitionKeepsItsOrder() async throws {
        let stage = try await Stage.open()
        let values = (0..<1_000).map { "\($0)" }
        try await stage.write(values)
        let loop = try stage.start(stage.worker(), limits: BatchLimits(records: 70))
        try await stage.waitForEffects(values.count)
        try await loop.stop()
        #expect(try await stage.effects() == values)
        let published = try await stage.read(stage.output, count: values.count)
        #expect(published.map { String(decoding: $0.value, as: UTF8.self) } == values)
    }

    @Test func aWorkerThatStartsAgainContinuesWhereItStopped() async throws {
        let stage = try await Stage.open()
        var values: [String] = []
        for round in 0..<2 {
            let more = (0..<200).map { "\(round)-\($0)" }
            values += more
            try await stage.write(more)
            let loop = try stage.start(stage.worker())
            try await stage.waitForEffects(values.count)
            try await loop.stop()
        }
        #expect(try await stage.effects() == values)
        #expect(try await stage.number("select next_offset from consumer_offsets") == 400)
    }

    @Test func aGracefulStopFinishesTheBatchInFlight() async throws {
        let stage = try await Stage.open()
        let (inFlight, goOn) = (Signal(), Signal())
        let worker = stage.worker(onApply: { _, _ in
            await inFlight.set()
            await goOn.wait()
        })
        try await stage.write((0..<500).map(String.init))
        let loop = try stage.start(worker, limits: BatchLimits(records: 50))
        await inFlight.wait()
        await loop.beginStopping()
        await goOn.set()
        #expect(try await loop.stop() < RunningService.stopLimit)
        let stored = try await stage.effects()
        #expect(!stored.isEmpty)
        #expect(stored == (0..<stored.count).map(String.init))
        #expect(
            try await stage.number("select next_offset from consumer_offsets")
                == Int64(stored.count))
        #expect(try await stage.number("select count(*) from outbox") == 0)
        #expect(try await stage.read(stage.output, count: stored.count).count == stored.count)
    }

    @Test func anIdleWorkerStopsAtOnce() async throws {
        let stage = try await Stage.open()
        try await stage.write(["1"])
        let loop = try stage.start(stage.worker())
        try await stage.waitForEffects(1)
        #expect(try await loop.stop() < RunningService.stopLimit)
    }
}
