import ArgumentParser
import AsyncHTTPClient
import Composition
import Foundation
import Logging
import NIOPosix
import Sandbox
import ServiceLifecycle
import Simulator
import WorkerRuntime

/// `tally up`
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Starts an embedded PostgreSQL and broker, every role and the simulator.",
        discussion: """
            Once everything is ready, endpoints.json in the data folder tells an outside client \
            all it needs. Stop it with Ctrl-C or SIGTERM.
            """)

    @Option(help: "The data folder.") var data = ".tally"
    @Option(help: "The random of the sample business.") var seed: UInt64 = 1
    @Flag(help: "Leave the simulator's payers and merchants idle.") var noPlay = false

    func run() async throws {
        var logger = Logger(label: "tally.up")
        logger.logLevel = .notice
        let stack = try await Stack.start(folder: data, seed: seed, logger: logger)
        let endpoints = EndpointsFile(stack: stack)
        do {
            try await serve(stack, endpoints, logger)
        } catch {
            endpoints.remove()
            await stack.stop()
            throw error
        }
        endpoints.remove()
        await stack.stop()
    }

    private func serve(
        _ stack: Stack, _ endpoints: EndpointsFile, _ logger: Logger
    ) async throws {
        var services: [any Service] = []
        for role in Role.allCases {
            let settings = try await Settings.load(
                file: nil, environment: stack.settings(role: role))
            let builder = RoleBuilder(
                settings: settings, clock: SystemClock(), idlePoll: .milliseconds(100),
                ends: ProducedEnds())
            services += try await builder.services(of: role, port: stack.ports.port(of: role))
        }
        services.append(
            LiveSimulator(
                config: stack.simulator,
                settings: try await Settings.load(
                    file: nil, environment: stack.settings(role: nil)),
                isPlaying: !noPlay, logger: logger))
        services.append(Announcement(stack: stack, endpoints: endpoints))
        try await RoleRunner.run(services, logger: logger)
    }
}

/// Says that the stack is ready once it is, and where.
private struct Announcement: Service {
    let stack: Stack
    let endpoints: EndpointsFile

    func run() async throws {
        let client = HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup)
        let roles = Role.allCases.map { "http://127.0.0.1:\(stack.ports.port(of: $0))" }
        try? await cancelWhenGracefulShutdown {
            try await RolesReady(client: client).wait(for: roles)
            try await RolesReady(client: client).wait(
                for: [stack.simulator.baseURL], path: "/healthz")
            try endpoints.write()
            Terminal.line("gateway    \(stack.simulator.gatewayURL)")
            Terminal.line("simulator  \(stack.simulator.baseURL)")
            Terminal.line("endpoints  \(endpoints.path)")
            Terminal.line("ready; stop with Ctrl-C")
        }
        try? await client.shutdown()
        try? await gracefulShutdown()
    }
}
