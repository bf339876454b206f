import Kafka
import Postgres
import Store
import TestWaiting
import Testing

@testable import WorkerRuntime

/// A partition changes its owner: every record has its effect once.
@Suite(.timeLimit(.minutes(4))) struct PartitionTakeoverTests {
    @Test func twoLoopsShareAndOneStopsInTheMiddle() async throws {
        let stage = try await Stage.open(partitions: 4)
        let (first, second) = (MetricsRegistry(), MetricsRegistry())
        @Sendable func stored(_ metrics: MetricsRegistry) -> Double {
            metrics.value(of: "tally_worker_records_total") ?? 0
        }
        let small = BatchLimits(records: 20)
        let one = try stage.start(stage.worker(), limits: small, metrics: first)
        var written = 0
        func write() async throws {
            try await stage.write((written..<written + 40).map(String.init))
            written += 40
        }
        // Records keep coming while the second joins and the first leaves.
        try await write()
        try await eventually("the first loop stores something") { stored(first) > 0 }
        let two = try stage.start(stage.worker(), limits: small, metrics: second)
        let deadline = ContinuousClock.now + .seconds(60)
        while stored(second) == 0 && ContinuousClock.now < deadline { try await write() }
        #expect(stored(second) > 0)
        for _ in 0..<5 { try await write() }
        try await one.stop()
        for _ in 0..<5 { try await write() }
        let count = written
        try await stage.waitForEffects(count)
        try await stage.waitForEmptyOutbox()
        try await two.stop()
        let effects = try await stage.effects()
        #expect(effects.count == count)
        #expect(Set(effects).count == count)
        #expect(Int(stored(first) + stored(second)) == count)
        let published = try await stage.read(stage.output, count: count)
        #expect(Set(published.map(\.value)).count == count)
        #expect(try await stage.number("select count(*) from dead_letters") == 0)
    }

    @Test func eventsLeftByTheLastOwnerArePublishedFirst() async throws {
        let stage = try await Stage.open()
        for value in ["left-1", "left-2"] {
            let event = OutgoingEvent(
                topic: stage.output, key: nil, value: Array(value.utf8), headers: [])
            try await stage.connection.run(
                AddToOutbox(
                    worker: stage.name, sources: ["\(stage.input)/0"], events: [event]))
        }
        // Of a partition that isn't assigned to this worker.
        let other = OutgoingEvent(topic: stage.output, key: nil, value: [0], headers: [])
        try await stage.connection.run(
            AddToOutbox(worker: stage.name, sources: ["elsewhere/7"], events: [other]))
        try await stage.write(["new"])
        let loop = try stage.start(stage.worker())
        try await stage.waitForEffects(1)
        try await stage.wait(for: "select count(*) from outbox", toBe: { $0 == 1 })
        try await loop.stop()
        let published = try await stage.read(stage.output, count: 3)
        #expect(
            published.map { String(decoding: $0.value, as: UTF8.self) }
                == ["left-1", "left-2", "new"])
    }

    @Test func aWorkerWhosePartitionWasTakenReadsAgainAndLosesNothing() async throws {
        let stage = try await Stage.open()
        let calls = Calls()
        let (name, connection) = (stage.name, stage.connection)
        // Between the poll of a batch and its transaction another owner stores its first two
        // records, once the batch before it is stored.
        let worker = stage.worker(onPrepare: { values in
            guard let first = values.first.flatMap(Int.init), first > 0,
                await calls.next() == 1
            else { return }
            try? await stage.wait(
                for: "select next_offset from consumer_offsets", toBe: { $0 == first })
            _ = try? await connection.executeScript(
                """
                insert into effects (id) values ('\(first)'), ('\(first + 1)');
                update consumer_offsets set next_offset = \(first + 2) where worker = '\(name)'
                """)
        })
        let values = (0..<40).map(String.init)
        try await stage.write(values)
        let loop = try stage.start(worker, limits: BatchLimits(records: 10))
        try await stage.waitForEffects(values.count)
        try await stage.waitForEmptyOutbox()
        try await loop.stop()
        #expect(await calls.count >= 1)
        #expect(try await stage.effects() == values)
        #expect(try await stage.number("select next_offset from consumer_offsets") == 40)
        #expect(try await stage.number("select count(*) from dead_letters") == 0)
    }

    @Test func theNextBatchIsNotStoredWithoutTheOneBeforeIt() async throws {
        let stage = try await Stage.open()
        let (prepared, calls) = (Signal(), Calls())
        // A batch is fenced while the next one has been prepared: that one must not be stored, it
        // would skip the first.
        let worker = stage.worker(
            onPrepare: { values in if values.first != "0" { await prepared.set() } },
            onApply: { values, _ in
                guard values.first == "0", await calls.next() == 1 else { return }
                await prepared.wait()
                throw FencedError(worker: "w", expected: 1, moved: 0)
            })
        try await stage.write((0..<20).map(String.init))
        let loop = try stage.start(worker, limits: BatchLimits(records: 10))
        try await stage.waitForEffects(20)
        try await loop.stop()
        #expect(try await stage.effects() == (0..<20).map(String.init))
        #expect(await calls.count > 1)
    }
}
