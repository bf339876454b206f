import Postgres
import TestWaiting
import Testing
import WorkerRuntime

/// Ages and queues that cost nothing to read.
@Suite(.timeLimit(.minutes(1))) struct AgeTests {
    @Test func aRecordedAgeGrowsByItself() async throws {
        let age = AgeGauge()
        #expect(age.seconds == 0)
        age.record(seconds: 7)
        let first = age.seconds
        #expect(first >= 7)
        try await eventually("it grows") { age.seconds > first }
        age.record(seconds: nil)
        #expect(age.seconds == 0)
    }

    @Test func aRecordThatWaitsHasAnAge() async throws {
        let stage = try await Stage.open()
        let (arrived, goOn) = (Signal(), Signal())
        let worker = stage.worker(onApply: { _, _ in
            await arrived.set()
            await goOn.wait()
        })
        let loop = try stage.start(worker)
        let name = "tally_worker_oldest_record_seconds"
        #expect(stage.metrics.value(of: name) == 0)
        try await stage.write(["1"])
        await arrived.wait()
        try await eventually("the record's age is shown") {
            stage.metrics.value(of: name).map { $0 > 0.05 && $0 < 60 } ?? false
        }
        await goOn.set()
        try await stage.waitForEffects(1)
        try await eventually("nothing waits") { stage.metrics.value(of: name) == 0 }
        try await loop.stop()
    }

    @Test func poolAndProducerAreShown() async throws {
        let stage = try await Stage.open()
        let pool = stage.pool()
        let producer = try EventProducer(
            settings: stage.kafka, ends: try stage.role().ends, logger: stage.logger)
        stage.metrics.watch(pool)
        stage.metrics.watch(producer)
        try await pool.withConnection { _ in
            let text = stage.metrics.text()
            #expect(text.contains(#"tally_database_connections{state="in_use"} 1"#), "\(text)")
            #expect(text.contains("tally_database_waiting 0"))
            #expect(text.contains("tally_producer_queue_records 0"))
        }
        try await eventually("the connection is returned") {
            stage.metrics.text().contains(#"tally_database_connections{state="idle"} 1"#)
        }
        await producer.close()
        await pool.close()
    }
}
