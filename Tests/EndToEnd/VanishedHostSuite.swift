import Embedded
import Foundation
import Kafka
import Postgres
import TestStack
import TestWaiting
import Testing

extension OutsideTests {
    /// A host vanishes in the middle of a batch: its packets are lost, and no connection is closed.
    @Suite(
        "a vanished host", .serialized, .enabled(if: SeparateHost.isPossible),
        .timeLimit(.minutes(5)))
    struct VanishedHostSuite {
        private static let limit = 30.0

        @Test func itsPartitionsMoveOnWithinThirtySeconds() async throws {
            try await CrashStack.with { stack in
                let host = try await SeparateHost.start(folder: stack.folder)
                defer { host.end() }
                try await admit(host, to: stack)
                try await run(on: stack, host)
            }
        }

        private func run(on stack: CrashStack, _ host: SeparateHost) async throws {
            // Both have partitions, and the lock holds every batch in its middle.
            let here = try stack.worker("signature", CrashStack.defaultSession)
            let there = try host.tally(
                ["worker", "signature"],
                settings: stack.workerSettings.merging([
                    "TALLY_HTTP_HOST": "0.0.0.0", "TALLY_HTTP_PORT": "8080",
                    "TALLY_LOG_LEVEL": "info",
                ]) { $1 })
            try await eventually("both have partitions", within: .seconds(90)) {
                let sessions = try await stack.count(
                    "select count(distinct coalesce(host(client_addr), '')) from pg_stat_activity "
                        + "where application_name = 'tally-signature'")
                return sessions == 2 && there.errors.contains("partitions assigned")
            }
            try await publish(0..<50, on: stack)
            try await stack.database.transaction { transaction in
                try await transaction.execute("lock table orders in share mode")
                try await publish(50..<400, on: stack)
                try await eventually("its batch waits in its middle", within: .seconds(60)) {
                    try await transaction.execute(
                        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' "
                            + "and host(client_addr) = '\(host.address)'")[0].int64(0) > 0
                }
                try await host.vanish()
            }
            let vanished = ContinuousClock.now
            @Sendable func seconds() -> Double { (ContinuousClock.now - vanished) / .seconds(1) }
            async let noticed = {
                try await eventually("it reports its database", within: .seconds(60)) {
                    there.errors.contains("retrying")
                }
                return seconds()
            }()
            try await eventually("every order is stored", within: .seconds(120)) {
                try await stack.count("select count(*) from orders") == 400
            }
            let moved = seconds()
            let found = try await noticed
            print("vanished host: partitions_moved_on_s=\(moved) it_noticed_after_s=\(found)")
            #expect(found <= Self.limit)
            #expect(moved <= Self.limit)

            // It comes back, and does nothing twice.
            try await host.comeBack()
            try await publish(400..<450, on: stack)
            try await eventually("the rest is stored", within: .seconds(120)) {
                try await stack.count("select count(*) from orders") == 450
            }
            #expect(try await stack.count("select count(*) from dead_letters") == 0)
            for worker in [here, there] { worker.signal(SIGTERM) }
            for worker in [here, there] {
                #expect(try await worker.ending(within: .seconds(30)).status == 0)
            }
        }

        private func admit(_ host: SeparateHost, to stack: CrashStack) async throws {
            let file = URL(fileURLWithPath: stack.folder + "/postgres/data/pg_hba.conf")
            let handle = try FileHandle(forWritingTo: file)
            try handle.seekToEnd()
            try handle.write(
                contentsOf: Data("host all all \(host.address)/32 scram-sha-256\n".utf8))
            try handle.close()
            try await stack.database.execute("select pg_reload_conf()")
        }

        private func publish(_ range: Range<Int>, on stack: CrashStack) async throws {
            let producer = try KafkaProducer(
                settings: KafkaSettings(brokers: stack.broker.brokers), logger: quiet)
            _ = try await producer.send(try range.map(stack.submission))
            await producer.close()
        }
    }
}
