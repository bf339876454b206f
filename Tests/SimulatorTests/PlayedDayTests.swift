import Foundation
import Hummingbird
import Logging
import Payments
import Testing
import WorkerRuntime

@testable import Simulator

@Suite("A day is played", .serialized)
struct PlayedDayTests {
    /// The whole simulator over HTTP against a stand-in platform.
    static func play(orders: Int, ports: (Int, Int)) async throws -> (
        report: PlayReport, platform: StandInPlatform, simulator: Simulator, plan: DayPlan,
        oracle: [String: [Substring]]
    ) {
        let folder = NSTemporaryDirectory() + "tally-played-day-\(UUID().uuidString)"
        let day = BusinessDay("2026-11-20")!
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let clock = try PlayClock.create(file: folder + "/clock", start: day.start)
        let logger = Logger(label: "played-day") { _ in SwiftLogNoOpLogHandler() }
        let gatewayURL = "http://127.0.0.1:\(ports.1)"
        let simulator = try await Simulator(
            config: SimulatorConfig(
                port: ports.0, gatewayURL: gatewayURL, folder: folder, seed: 7, brokers: "none"),
            clock: clock, logger: logger)
        let platform = try StandInPlatform(
            simulator: simulator, clock: clock, baseURL: gatewayURL)
        let plan = DayPlan.make(seed: 7, orders: orders, day: day, parties: simulator.parties)
        let (ready, signal) = AsyncStream.makeStream(of: Void.self)
        let report = try await withThrowingTaskGroup(of: PlayReport?.self) { group in
            group.addTask {
                try await simulator.run { signal.yield() }
                return nil
            }
            group.addTask {
                let application = Application(
                    router: platform.router(),
                    configuration: ApplicationConfiguration(
                        address: .hostname("127.0.0.1", port: ports.1)),
                    onServerRunning: { _ in signal.yield() }, logger: logger)
                try await application.run()
                return nil
            }
            var open = ready.makeAsyncIterator()
            _ = await open.next()
            _ = await open.next()
            let player = simulator.player(
                for: plan, clock: clock, publisher: platform, quiescence: AlwaysQuiet())
            _ = try await player.run()
            let report = try await simulator.conclude(player)
            group.cancelAll()
            return report
        }
        try await simulator.shutdown()
        return (report, platform, simulator, plan, try Self.lines(in: folder + "/oracle"))
    }

    private static func lines(in folder: String) throws -> [String: [Substring]] {
        var lines: [String: [Substring]] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder)
        where name.hasSuffix(".jsonl") {
            lines[name] = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
                .split(separator: "\n")
        }
        return lines
    }

    @Test("everything planned happens, and the platform's replies are the expected ones")
    func wholeDay() async throws {
        let (report, platform, simulator, plan, oracle) = try await Self.play(
            orders: 100, ports: (28_551, 28_552))
        #expect(report.unexpected == [])
        #expect(report.submitted == 100)
        #expect(report.published == plan.count(of: .ownSystem))
        #expect(report.payments == plan.orders.count { $0.scenario.isPaid })
        #expect(report.closes == plan.count(of: .closedByMerchant))
        #expect(report.malformed == 5)
        let trades = await simulator.alipay.trades()
        let paid = trades.count { $0.paidAt != nil }
        // The one more is the trade that only the channel knows.
        #expect(paid == report.payments + 1)
        #expect(await platform.notifications > report.payments)
        let today = await simulator.alipay.bill(of: plan.day)
        let next = await simulator.alipay.bill(of: plan.day.next)
        #expect(today.lines.count + next.lines.count == paid)
        #expect(next.lines.count == 3)

        let submissions = try #require(oracle["submissions.jsonl"])
        #expect(
            submissions.count { $0.contains(#""expected":"accepted""#) }
                == plan.orders.count { $0.scenario.isAccepted })
        #expect(
            submissions.count { $0.contains(#""expected":"rejected""#) }
                == plan.orders.count { !$0.scenario.isAccepted } + plan.count(of: .otherContent))
        #expect(oracle["channel.jsonl"]?.count { $0.contains(#""kind":"trade""#) } == trades.count)
        #expect(oracle["channel.jsonl"]?.count { $0.contains(#""paid_at""#) } == paid)
        #expect(oracle["bank.jsonl"] == [])
        #expect(oracle["violations.jsonl"] == [])
    }
}
