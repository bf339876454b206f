package import Composition
import Kafka
package import Logging
import ServiceLifecycle
package import Simulator
import WorkerRuntime

/// The simulator of a stack that is up: it serves, and where `isPlaying` its merchants order and
/// its payers pay, on the machine's clock.
package struct LiveSimulator: Service {
    private let config: SimulatorConfig
    private let settings: Settings
    private let isPlaying: Bool
    private let logger: Logger

    package init(
        config: SimulatorConfig, settings: Settings, isPlaying: Bool, logger: Logger
    ) {
        self.config = config
        self.settings = settings
        self.isPlaying = isPlaying
        self.logger = logger
    }

    package func run() async throws {
        let simulator = try await Simulator(
            config: config, clock: SystemClock(), logger: logger)
        let producer = try EventProducer(
            settings: settings.kafka, ends: ProducedEnds(), limits: ProducerLimits(),
            logger: logger)
        // Shutdown cancels the server and the players in the middle of their waits.
        let outcome = await Result {
            try await cancelWhenGracefulShutdown {
                try await serve(simulator, EventPublisher(producer: producer))
            }
        }
        await producer.close()
        do {
            try await simulator.writeOracle()
        } catch {
            logger.warning(
                "can't write the simulator's records", metadata: ["error": "\(error)"])
        }
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
    /// The outcome of an asynchronous body.
    package init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
