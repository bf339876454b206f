import Kafka
import Logging
import ServiceLifecycle
import Simulator
import WorkerRuntime

/// The simulator beside a stack that is up: it serves, and unless it is told not to, its merchants
/// order and its payers pay, at the machine's own time.
struct LiveSimulator: Service {
    let config: SimulatorConfig
    let settings: Settings
    let isPlaying: Bool
    let logger: Logger

    func run() async throws {
        let simulator = try await Simulator(
            config: config, clock: SystemClock(), logger: logger)
        let producer = EventProducer(
            settings: settings.kafka, ends: ProducedEnds(), logger: logger)
        // Shutdown cancels the server and the players in the middle of their waits.
        let outcome = await Result {
            try await cancelWhenGracefulShutdown {
                try await serve(simulator, EventPublisher(producer: producer))
            }
        }
        await producer.close()
        try? await simulator.shutdown()
        if !Task.isShuttingDownGracefully { try outcome.get() }
    }

    private func serve(_ simulator: Simulator, _ publisher: EventPublisher) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await simulator.run() }
            if isPlaying {
                group.addTask { try await simulator.live(publisher: publisher).run() }
            }
            try await group.waitForAll()
        }
    }
}

extension Result where Failure == any Error {
    /// What an asynchronous body came to.
    init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
