import Kafka
import Postgres
import TestWaiting
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

    @Test func aBatchThatIsAllPoisonIsOneTransactionAndTwoCallsARecord() async throws {
        let stage = try await Stage.open()
        let calls = Calls()
        let worker = stage.worker(onApply: { _, transaction in
            _ = await calls.next()
            try await transaction.execute("select 1/0")
        })
        let values = (0..<200).map(String.init)
        try await stage.write(values)
        let loop = try stage.start(worker, limits: BatchLimits(records: 200, poisonInARow: 0))
        try await stage.wait(for: "select count(*) from dead_letters", toBe: { $0 == 200 })
        try await loop.stop()
        // The poll may have returned the records in several batches.
        let batches = try await stage.number("select count(distinct xmin::text) from dead_letters")
        #expect(batches <= 3)
        #expect(await calls.count <= 2 * 200 + Int(batches))
        #expect(try await stage.effects() == [])
    }

    @Test func anErrorTextThatCannotBeStoredIsMadeSafe() async throws {
        let stage = try await Stage.open()
        let worker = stage.worker(onApply: { items, _ in
            guard items.contains("2") else { return }
            throw Poison(
                reason: "odd\u{0}", error: "nul \u{0} and " + String(repeating: "长", count: 9_000))
        })
        try await run(stage, worker, ["1", "2", "3"])
        #expect(try await stage.effects() == ["1", "3"])
        let row = try await stage.connection.execute(
            "select reason, error, octet_length(error)::bigint from dead_letters")[0]
        #expect(try row.text(0) == "odd ")
        #expect(try row.text(1).hasPrefix("nul   and 长长"))
        #expect(try row.int64(2) <= 2_000)
    }

    @Test func aDeadLetterThatCannotBeStoredIsRetriedAndSkipsNothing() async throws {
        let stage = try await Stage.open()
        try await stage.connection.executeScript(
            """
            create function refuse() returns trigger language plpgsql as
                $$ begin raise exception 'no dead letters'; end $$;
            create trigger refuse before insert on dead_letters
                for each row execute function refuse();
            """)
        try await stage.write(["1", "\(CountingWorker.unreadable)", "2"])
        let loop = try stage.start(stage.worker())
        try await eventually("it is retried") {
            (stage.metrics.value(of: "tally_worker_retries_total") ?? 0) >= 3
        }
        #expect(
            try await stage.number(
                "select coalesce(sum(next_offset), 0)::bigint from consumer_offsets") == 0)
        try await stage.connection.executeScript("drop trigger refuse on dead_letters")
        try await stage.waitForEffects(2)
        try await loop.stop()
        #expect(try await stage.number("select count(*) from dead_letters") == 1)
    }

    @Test func anEventThatNoTopicTakesIsPoisonOfTheRecordThatMadeIt() async throws {
        let stage = try await Stage.open()
        // The worker's event is as large as its record, which the topic just takes.
        let values = ["1", String(repeating: "x", count: 1_048_000), "2"]
        let producer = try KafkaProducer(settings: stage.kafka, logger: stage.logger)
        _ = try await producer.send(
            values.map { ProducerRecord(topic: stage.input, value: Array($0.utf8)) })
        await producer.close()
        let loop = try stage.start(stage.worker())
        try await stage.waitForEffects(2)
        try await stage.waitForEmptyOutbox()
        try await loop.stop()
        #expect(try await stage.effects() == ["1", "2"])
        let reasons = try await stage.connection.execute("select reason from dead_letters")
        #expect(try reasons.map { try $0.text(0) } == ["event_too_large"])
        #expect(try await stage.read(stage.output, count: 2).count == 2)
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
