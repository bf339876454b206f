import AsyncHTTPClient
import Composition
import Logging
import NIOPosix
import Sandbox
import ServiceLifecycle
import Simulator

/// Waits until the stack is ready, prints where it is, and keeps the status line of a terminal.
struct Announcement: Service {
    let stack: Stack
    let endpoints: EndpointsFile
    let script: StackScript
    let logger: Logger

    /// Runs until graceful shutdown.
    func run() async throws {
        let client = HTTPClient(eventLoopGroup: .singletonMultiThreadedEventLoopGroup)
        let outcome = await Result {
            try await cancelWhenGracefulShutdown {
                Terminal.note("waiting for the workers' partitions")
                try await announce(client)
                if Screen.shared.isTerminal { await watch(client) }
                try await gracefulShutdown()
            }
        }
        try? await client.shutdown()
        if !Task.isShuttingDownGracefully { try outcome.get() }
    }

    // The stack doesn't depend on its status line.
    private func watch(_ client: HTTPClient) async {
        do {
            try await StackWatch(stack: stack, client: client, logger: logger)
                .run { Screen.shared.draw([StatusLine.text($0)]) }
        } catch is CancellationError {
        } catch {
            logger.warning("no status line any more", metadata: ["error": "\(error)"])
        }
    }

    private func announce(_ client: HTTPClient) async throws {
        let ready = RolesReady(client: client)
        try await ready.wait(
            for: Role.allCases.map { "http://127.0.0.1:\(stack.ports.port(of: $0))" })
        try await ready.wait(for: [stack.simulator.baseURL], path: "/healthz")
        try script.write()
        let page = StackPage(stack, suggestions: StackPage.firstSteps(in: stack))
        for line in page.lines { Terminal.line(line) }
        try endpoints.write()
        Terminal.line("ready; stop with Ctrl-C")
    }
}
