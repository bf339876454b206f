import ArgumentParser
import Composition
import Foundation
import Logging
import Sandbox
import ServiceLifecycle
import Simulator
import WorkerRuntime

/// `tally up`
struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Starts a private PostgreSQL and broker, every role and the simulator.",
        discussion: """
            Once every worker has its partitions it prints the addresses, the sample merchants and \
            commands to try, and writes endpoints.json for outside clients into the data folder. \
            Stop it with Ctrl-C or SIGTERM.
            """)

    @Option(help: "The data folder.") var data = ".tally"
    @Option(help: "The seed of the sample business.") var seed: UInt64 = 1
    @Flag(help: "Leave the simulator's payers and merchants idle.") var noPlay = false

    func run() async throws {
        var logger = Logger(label: "tally.up")
        logger.logLevel = .notice
        Terminal.note("starting PostgreSQL and the broker in \(data)")
        let stack = try await Stack.start(folder: data, seed: seed, logger: logger)
        let endpoints = EndpointsFile(stack: stack)
        let script = StackScript(stack: stack)
        let outcome = await Result { try await serve(stack, endpoints, script, logger) }
        Screen.shared.clear()
        endpoints.remove()
        script.remove()
        await stack.stop()
        try outcome.get()
    }

    private func serve(
        _ stack: Stack, _ endpoints: EndpointsFile, _ script: StackScript, _ logger: Logger
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
        services.append(
            Announcement(stack: stack, endpoints: endpoints, script: script, logger: logger))
        // All roles in one process, and their database and broker after them.
        try await RoleRunner.run(
            services, logger: logger, grace: .seconds(20), limit: .seconds(60))
    }
}
