import Embedded
import Foundation
import Kafka
import Payments
import Postgres
import Store
import TestApplications
import TestStack
import TestWaiting
import Testing
import WorkerRuntime

extension OutsideTests {
    /// The onboarding role is killed at every step of several applications, also between a call to
    /// the channel and its record: each merchant is created once, there and here.
    ///
    /// `ONBOARDING_KILLS=100 swift test --filter OnboardingCrashSuite` kills it more often than 12
    /// times, among more applications.
    @Suite("The onboarding role is killed", .serialized) struct OnboardingCrashSuite {
        private let kills =
            ProcessInfo.processInfo.environment["ONBOARDING_KILLS"].flatMap { Int($0) } ?? 12
        private var applications: Int { max(2, kills / 6) }

        @Test(.timeLimit(.minutes(30)))
        func eachMerchantIsCreatedOnce() async throws {
            try await CrashStack.with { stack in
                let port = try LoopbackPort.free(count: 1)[0]
                let simulator = try stack.role(
                    [
                        "simulator", "--folder", stack.folder + "/keys", "--gateway",
                        "http://127.0.0.1:9", "--no-play",
                    ], port: port)
                let channel = "http://127.0.0.1:\(port)"
                let numbers = try await enter(on: stack)
                let done = try await killUntilDone(numbers, on: stack, channel)
                #expect(done >= kills || numbers.count < kills, "\(done) kills")
                let created = try await created(at: channel)
                #expect(created.sorted() == numbers.map { $0 + "V1" }.sorted())
                #expect(
                    try await stack.count(
                        "select count(*) from parties where channel_merchant_no is not null")
                        == numbers.count)
                print("kills=\(done) applications=\(numbers.count) created=\(created.count)")
                simulator.signal(SIGTERM)
                #expect(try await simulator.ending(within: .seconds(30)).status == 0)
            }
        }

        // Each process is killed at its next transaction, or one of those after it: what it has
        // sent to the channel before is known to the channel alone.
        private func killUntilDone(
            _ numbers: [String], on stack: CrashStack, _ channel: String
        ) async throws -> Int {
            var killed = 0
            while try await unfinished(on: stack) > 0 {
                let point = killed.isMultiple(of: 2) ? CrashPoint.applied : .committed
                // The first transaction only reads what the step needs.
                let crash = killed < kills ? "\(point.rawValue):\(2 + killed % 5)" : nil
                let worker = try stack.worker(
                    "onboarding", crashAt: crash,
                    ["TALLY_ALIPAY_GATEWAY_URL": "\(channel)/gateway.do"])
                try await eventually("it is killed, or all is done", within: .seconds(120)) {
                    try await endWaits(on: stack)
                    guard worker.isRunning else { return true }
                    return try await unfinished(on: stack) == 0
                }
                if worker.isRunning { worker.signal(SIGTERM) }
                let ending = try await worker.ending(within: .seconds(30))
                if ending.status == 128 + SIGKILL { killed += 1 }
                _ = try await stack.database.execute(
                    "update applications set lease_until = null returning 1")
            }
            return killed
        }

        // The schedule's waits of half a minute are not what is tested.
        private func endWaits(on stack: CrashStack) async throws {
            _ = try await stack.database.execute(
                "update applications set next_attempt_at = now() where next_attempt_at > now() "
                    + "returning 1")
        }

        private func unfinished(on stack: CrashStack) async throws -> Int {
            try await stack.count("select count(*) from applications where status <> 'active'")
        }

        // Past the blacklist's query, which has no effect: all begin with their images.
        private func enter(on stack: CrashStack) async throws -> [String] {
            let sealer = try Sealer(masterKey: try #require(stack.settings()["TALLY_MASTER_KEY"]))
            for login in ["maker", "checker"] {
                _ = try await stack.database.run(
                    InsertUser(
                        userNo: "U-" + login, login: login, role: .superAdmin, partyNo: nil,
                        passwordHash: "none", rule: .further, actor: "test", now: .now))
            }
            let maker = try #require(try await stack.database.run(UserByLogin("maker")).first)
            let checker = try #require(try await stack.database.run(UserByLogin("checker")).first)
            var numbers: [String] = []
            for index in 0..<applications {
                var form = try SampleApplication.form(shortName: "shop \(index)")
                form.rates = [.wap: try Rate(ppm: 6_000)]
                let entry = Applications.Entry(
                    kind: .merchant, parentNo: "A1", login: "shop.\(index)", form: form,
                    images: try SampleApplication.images())
                let number = try await stack.database.transaction { transaction in
                    let number = try await Applications(user: maker, sealer: sealer, now: .now)
                        .enter(entry, in: transaction).applicationNo
                    _ = try await transaction.run(
                        MoveApplication(applicationNo: number, to: .toReview, now: .now))
                    _ = try await Applications(user: checker, sealer: sealer, now: .now)
                        .approve(number, version: 1, in: transaction)
                    return number
                }
                numbers.append(number)
            }
            return numbers
        }

        private func created(at channel: String) async throws -> [String] {
            let answer = try await OutsideClient(gateway: channel).get("/console/merchants")
            return try JSONDecoder().decode([String].self, from: Data(answer.text.utf8))
        }
    }
}
