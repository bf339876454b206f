import Embedded
import Foundation
import TestStack
import TestWaiting
import Testing

extension OutsideTests {
    /// While the database or the broker is unavailable, a role isn't ready and refuses at once what
    /// it can't take; it is ready again by itself.
    @Suite("Outages", .serialized) struct OutageSuite {
        @Test func readinessFollowsTheDatabase() async throws {
            try await CrashStack.with(restartsDatabase: true) { stack in
                let roles = try await Roles.start(on: stack)
                try await roles.wait(toBeReady: true)
                await stack.postgres.stop()
                try await roles.wait(toBeReady: false)
                let again = try await EmbeddedPostgres.start(
                    dataFolder: stack.folder + "/postgres", port: stack.postgres.port,
                    logger: quiet)
                do {
                    try await roles.wait(toBeReady: true)
                    try await roles.stop()
                } catch {
                    await again.stop()
                    throw error
                }
                await again.stop()
            }
        }

        @Test func readinessFollowsTheBrokerAndOrdersAreRefusedMeanwhile() async throws {
            try await CrashStack.with { stack in
                let roles = try await Roles.start(on: stack)
                try await roles.wait(toBeReady: true)
                await stack.broker.stop()
                try await roles.wait(toBeReady: false)
                // The first order creates the producer, which then finds the broker unavailable.
                let order = try stack.order(1).json()
                try await eventually("orders are refused") {
                    try await roles.gateway.post("/v1/orders", json: order)
                        .isProblem(503, "broker_unavailable")
                }
                let started = ContinuousClock.now
                let refused = try await roles.gateway.post("/v1/orders", json: order)
                #expect(refused.isProblem(503, "broker_unavailable"), "\(refused.text)")
                // It didn't wait for the decision: that takes as long as `answerWait`.
                #expect(ContinuousClock.now - started < Roles.answerWait / 5)

                // At the same address, without its topics.
                let again = try await stack.broker.startAgain()
                do {
                    try await stack.applyTopics()
                    try await roles.wait(toBeReady: true)
                    let taken = try await roles.gateway.post("/v1/orders", json: order)
                    #expect([201, 202].contains(taken.status), "\(taken.text)")
                    try await roles.stop()
                } catch {
                    await again.stop()
                    throw error
                }
                await again.stop()
            }
        }
    }
}

/// A gateway and a worker as processes, and their ports.
private struct Roles: Sendable {
    let processes: [TallyProcess]
    let ports: [UInt16]
    let gateway: OutsideClient
    /// How long the gateway waits for a decision: long, so that a test can see that it didn't.
    static let answerWait = Duration.seconds(20)

    static func start(on stack: CrashStack) async throws -> Roles {
        let ports = try LoopbackPort.free(count: 2)
        return Roles(
            processes: [
                try stack.role(
                    ["gateway"], port: ports[0],
                    ["TALLY_ANSWER_WAIT_MS": "\(Int(answerWait / .milliseconds(1)))"]),
                try stack.role(["worker", "signature"], port: ports[1]),
            ], ports: ports, gateway: OutsideClient(gateway: "http://127.0.0.1:\(ports[0])"))
    }

    func wait(toBeReady isReady: Bool) async throws {
        for port in ports {
            let url = "http://127.0.0.1:\(port)/readyz"
            try await eventually("\(url) says \(isReady)", within: .seconds(60)) {
                (try? await gateway.get(url).status) == (isReady ? 200 : 503)
            }
        }
    }

    func stop() async throws {
        for process in processes { process.signal(SIGTERM) }
        for process in processes {
            let ending = try await process.ending(within: .seconds(30))
            #expect(ending.status == 0, "\(ending.errors.suffix(2_000))")
        }
    }
}
