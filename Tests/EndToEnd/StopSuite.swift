import Embedded
import Foundation
import TestStack
import TestWaiting
import Testing

extension OutsideTests {
    /// A role that is told to stop has ended within five seconds, whatever is away.
    @Suite("SIGTERM", .serialized) struct StopSuite {
        enum Away: CaseIterable { case nothing, broker, database }

        @Test(arguments: Away.allCases) func workersEndWithinFiveSeconds(away: Away) async throws {
            try await CrashStack.with { stack in
                try await stop(["signature", "callback"], on: stack, away)
            }
        }

        private func stop(_ names: [String], on stack: CrashStack, _ away: Away) async throws {
            let workers = try names.map { try (name: $0, process: stack.worker($0)) }
            try await eventually("both are at work", within: .seconds(60)) {
                try await stack.count("select count(distinct worker) from consumer_offsets")
                    == names.count
            }
            switch away {
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
                #expect(took < .seconds(5), "\(worker.name) took \(took) with \(away) away")
            }
        }
    }
}
