import Embedded
import Foundation
import Kafka
import Payments
import Postgres
import Simulator
import Store
import TestStack
import TestWaiting
import Testing
import WorkerRuntime

extension OutsideTests {
    /// A worker whose clock is wrong.
    @Suite("Wrong clocks", .serialized) struct ClockSuite {
        @Test func aClockADayBehindRefusesNoOrderAndLetsNoneExpire() async throws {
            try await CrashStack.with { stack in
                let file = stack.folder + "/play.clock"
                let now = SystemClock().now()
                _ = try PlayClock.create(file: file, start: now.adding(seconds: -86_400))
                _ = try await stack.database.run(
                    SetInstallationFact(name: InstallationFact.playClock, value: file))
                let worker = try stack.role(
                    ["worker", "signature", "--play-clock", file],
                    port: LoopbackPort.free(count: 1)[0])
                let producer = try KafkaProducer(
                    settings: KafkaSettings(brokers: stack.broker.brokers), logger: quiet)
                _ = try await producer.send((0..<20).map(stack.submission))
                await producer.close()
                try await eventually("the orders are decided") {
                    try await stack.count(
                        "select coalesce(sum(next_offset), 0)::bigint from consumer_offsets") == 20
                }
                #expect(try await stack.count("select count(*) from order_rejections") == 0)
                let rows = try await stack.database.execute(
                    "select count(*) from orders where accepted_at >= now() - interval '1 hour' "
                        + "and expires_at > now() and next_inquiry_at > now() - interval '1 hour'")
                #expect(try rows[0].int64(0) == 20)
                worker.signal(SIGTERM)
                #expect(try await worker.ending(within: .seconds(30)).status == 0)
            }
        }
    }
}
