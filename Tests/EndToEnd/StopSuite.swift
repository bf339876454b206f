import Embedded
import Foundation
import TestStack
import TestWaiting
import Testing

extension OutsideTests {
    /// A role ends within ten seconds of SIGTERM, whatever is unavailable.
    @Suite("SIGTERM", .serialized) struct StopSuite {
        enum Outage: CaseIterable { case nothing, broker, database }

        @Test(arguments: Outage.allCases)
        func workersEndWithinTenSeconds(outage: Outage) async throws {
            try await CrashStack.with { stack in
                try await stop(["signature", "callback"], on: stack, outage)
            }
        }

        private func stop(_ names: [String], on stack: CrashStack, _ outage: Outage) async throws {
            let workers = try names.map { try (name: $0, process: stack.worker($0)) }
            try await eventually("both are at work", within: .seconds(60)) {
                try await stack.count("select count(distinct worker) from consumer_offsets")
                    == names.count
            }
            switch outage {
            case .nothing: break
            case .broker: await stack.broker.stop()
            case .database: await stack.postgres.stop()
            }
            for worker in workers {
                let started = ContinuousClock.now
                worker.process.signal(SIGTERM)
                let ending = try await worker.process.ending(within: .seconds(30))
                let took = ContinuousClock.now - started
                #expect(ending.status == 0, "\(worker.name): \(ending.errors.suffix(2_000))")
                #expect(took < .seconds(10), "\(worker.name) took \(took), outage: \(outage)")
            }
        }
    }
}
