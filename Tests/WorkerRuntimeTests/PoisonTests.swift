import Kafka
import Postgres
import Testing
import WorkerRuntime

/// A record that can't be processed is isolated; its neighbours are processed.
@Suite(.timeLimit(.minutes(3))) struct PoisonTests {
    private struct HandlerError: Error {}

    private func run(_ stage: Stage, _ worker: CountingWorker, _ values: [String]) async throws {
        try await stage.write(values)
        let loop = try stage.start(worker)
        try await stage.wait(
            for: "select coalesce(sum(next_offset), 0)::bigint from consumer_offsets",
            toBe: { $0 == values.count })
        try await stage.waitForEmptyOutbox()
        try await loop.stop()
    }

    @Test func anUnreadableRecordBecomesOneDeadLetter() async throws {
        let stage = try await Stage.open()
        var values = (0..<1_000).map(String.init)
        values[613] = "\(CountingWorker.unreadable)\u{1}"
        try await run(stage, stage.worker(), values)
        var good = values
        good.remove(at: 613)
        #expect(try await stage.effects() == good)
        let deadLetters = try await stage.connection.execute(
            """
            select dead_letter_id::text, worker, origin_topic, origin_partition::bigint,
                origin_offset, record_key, record_value, reason, error, status from dead_letters
            """)
        #expect(deadLetters.count == 1)
        let deadLetter = deadLetters[0]
        #expect(try deadLetter.text(1) == stage.name)
        #expect(try deadLetter.text(2) == stage.input)
        #expect(try deadLetter.int64(4) == 613)
        #expect(try deadLetter.bytes(5) == Array("k\(values[613])".utf8))
        #expect(try deadLetter.bytes(6) == Array(values[613].utf8))
        #expect(try deadLetter.text(7) == "malformed_json")
        #expect(try deadLetter.text(9) == "open")
        // The topic has the same dead letter.
        let worker = stage.name
        let mirrored = try await stage.read(
            "dead-letters", count: 1, where: { $0.text("worker") == worker })
        #expect(mirrored.count == 1)
        let mirror = try #require(mirrored.first)
        #expect(mirror.key == Array("k\(values[613])".utf8))
        #expect(mirror.value == Array(values[613].utf8))
        #expect(mirror.text("origin-topic") == stage.input)
        #expect(mirror.text("origin-partition") == "0")
        #expect(mirror.text("origin-offset") == "613")
        #expect(mirror.text("reason") == "malformed_json")
        #expect(mirror.text("error") == "at byte 1")
        #expect(mirror.text("dead-letter-id") == (try deadLetter.text(0)))
        #expect(stage.metrics.value(of: "tally_worker_poison_total") == 1)
    }

    @Test func poisonOfTheHandlerIsMappedToTheRightRecord() async throws {
        let stage = try await Stage.open()
        // Unreadable records before it shift the handler's indices.
        let values = [
            "a", "\(CountingWorker.unreadable)1", "b", "\(CountingWorker.unreadable)2",
            "\(CountingWorker.hopeless)", "c",
        ]
        try await run(stage, stage.worker(), values)
        #expect(try await stage.effects() == ["a", "b", "c"])
        let deadLetters = try await stage.connection.execute(
            "select origin_offset, reason from dead_letters order by 1")
        #expect(try deadLetters.map { try $0.int64(0) } == [1, 3, 4])
        #expect(
            try deadLetters.map { try $0.text(1) } == [
                "malformed_json", "malformed_json", "hopeless",
            ])
    }

    @Test(arguments: [false, true])
    func aRecordThatBreaksTheHandlerIsFoundByHalving(inTheServer: Bool) async throws {
        let stage = try await Stage.open()
        var values = (0..<1_000).map(String.init)
        values[0] = "breaks-first"
        values[700] = "breaks"
        let calls = Calls()
        let worker = stage.worker(onApply: { items, transaction in
            _ = await calls.next()
            guard items.contains(where: { $0.hasPrefix("breaks") }) else { return }
            if inTheServer { try await transaction.execute("select 1/0") }
            throw HandlerError()
        })
        try await run(stage, worker, values)
        #expect(try await stage.effects() == values.filter { !$0.hasPrefix("breaks") })
        let deadLetters = try await stage.connection.execute(
            "select origin_offset, reason, error from dead_letters order by 1")
        #expect(try deadLetters.map { try $0.int64(0) } == [0, 700])
        #expect(try deadLetters.allSatisfy { try $0.text(1) == "handler_error" })
        // Halved, not tried one by one.
        #expect(await calls.count < 100)
    }

    @Test func aWorkerWhoseInputIsAllPoisonStopsAndLosesNothing() async throws {
        let stage = try await Stage.open()
        let values = (0..<60).map { "\(CountingWorker.unreadable)\($0)" } + ["good"]
        try await stage.write(values)
        func stops(limit: Int) async throws {
            let loop = try stage.start(
                stage.worker(), limits: BatchLimits(records: 5, poisonInARow: limit))
            do {
                try await loop.ended()
                Issue.record("the worker did not stop")
            } catch let error as PoisonLimitError {
                #expect("\(error)".contains("TALLY_POISON_LIMIT"))
                #expect("\(error)".contains(stage.input))
            }
        }
        func deadLetters() async throws -> Int64 {
            try await stage.number("select count(*) from dead_letters")
        }
        try await stops(limit: 12)
        let first = try await deadLetters()
        #expect(first > 0 && first <= 12)
        #expect(
            try await stage.number("select next_offset from consumer_offsets") == first)
        // Started again it counts on.
        try await stops(limit: 12)
        #expect(try await deadLetters() == first)
        // Without a limit all of them become dead letters.
        let loop = try stage.start(
            stage.worker(), limits: BatchLimits(records: 5, poisonInARow: 0))
        try await stage.waitForEffects(1)
        try await loop.stop()
        #expect(try await deadLetters() == 60)
        #expect(try await stage.number("select poison_run from consumer_offsets") == 0)
    }

    @Test func oneGoodRecordEndsARun() async throws {
        let stage = try await Stage.open()
        let values = (0..<100).map { $0 % 10 == 9 ? "\($0)" : "\(CountingWorker.unreadable)\($0)" }
        try await stage.write(values)
        let loop = try stage.start(
            stage.worker(), limits: BatchLimits(records: 7, poisonInARow: 9))
        try await stage.waitForEffects(10)
        try await loop.stop()
        #expect(try await stage.number("select count(*) from dead_letters") == 90)
    }
}

extension KafkaRecord {
    /// A header's text.
    func text(_ name: String) -> String? {
        headers.last { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
    }
}
