import Embedded
import Foundation
import Logging
import Payments
import TestStack
import Testing
import WorkerRuntime

@testable import Simulator

/// The simulator is what the channel's own clients expect, not only what our adapter does.
@Suite struct AlipaySDKTests {
    @Test func aPublishedSDKRunsUnchangedAgainstTheSimulator() async throws {
        let folder = try TemporaryFolder.make("alipay-sdk")
        defer { TemporaryFolder.remove(folder) }
        let config = SimulatorConfig(
            port: Int(try #require(try LoopbackPort.free(count: 1).first)),
            gatewayURL: "http://127.0.0.1:1", folder: folder,
            seed: 7, brokers: "none")
        let clock = SystemClock()
        let simulator = try await Simulator(
            config: config, clock: clock,
            logger: Logger(label: "sdk") { _ in SwiftLogNoOpLogHandler() })
        let (ready, signal) = AsyncStream.makeStream(of: Void.self)
        let billDay = BusinessDay.containing(clock.now().adding(seconds: -2 * 86_400))
        let ending = try await withThrowingTaskGroup(of: TallyProcess.Ending?.self) { group in
            group.addTask {
                try await simulator.run { signal.yield() }
                return nil
            }
            group.addTask {
                for await _ in ready.prefix(1) {}
                let process = try TallyProcess(
                    [
                        PrivatePython.script("SimulatorTests/alipay_sdk.py"), config.baseURL,
                        folder, config.identity.appID, "\(billDay)",
                    ], settings: ["TZ": "Asia/Shanghai"], folder: folder, name: "sdk",
                    program: try PrivatePython.find())
                return try await process.ending(within: .seconds(120))
            }
            defer { group.cancelAll() }
            while let ended = try await group.next() {
                if let ended { return ended }
            }
            throw CancellationError()
        }
        try await simulator.shutdown()
        #expect(ending.status == 0, "\(ending.output.suffix(500))\(ending.errors.suffix(2_000))")
        let lines = ending.output.split(separator: "\n")
        #expect(lines.count >= 34, "\(ending.output)")
    }
}
