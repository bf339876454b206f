import Kafka
import Postgres
import TestServices
import TestWaiting
import Testing

@testable import WorkerRuntime

@Suite(.timeLimit(.minutes(2))) struct AssignmentReadinessTests {
    @Test func aWorkerIsReadyOnlyWithPartitions() async throws {
        let stage = try await Stage.open()
        let role = try stage.role()
        let pool = stage.pool()
        let producer = try EventProducer(
            settings: stage.kafka, ends: role.ends, logger: stage.logger)
        let loop = BatchLoop(stage.worker(), role: role, pool: pool, producer: producer)
        withExtendedLifetime(loop) {
            #expect(stage.metrics.value(of: "tally_worker_ready") == 0)
        }
        await producer.close()
        await pool.close()

        let metrics = MetricsRegistry()
        let running = try stage.start(stage.worker(), metrics: metrics)
        try await eventually("the worker is ready", within: .seconds(60)) {
            metrics.value(of: "tally_worker_ready") == 1
        }
        _ = try await running.stop()
    }

    @Test func aWorkerThatItsGroupAssignsNothingSaysSoAndJoinsAnew() async throws {
        // A broker that answers and a topic that isn't there: no assignment ever comes.
        let mock = try #require(MockCluster())
        let lines = LoggedLines()
        let stage = try await Stage.open().on(
            brokers: mock.brokers, input: "nowhere", logger: lines.logger)
        let running = try stage.start(
            stage.worker(), limits: BatchLimits(assignmentWait: .milliseconds(300)))
        try await eventually("it has joined twice", within: .seconds(60)) {
            lines.all.count { $0.contains("joining it anew") } >= 2
        }
        try await running.stop()
    }
}
