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
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await simulator.run() }
                if isPlaying {
                    group.addTask {
                        try await simulator.live(publisher: EventPublisher(producer: producer))
                            .run()
                    }
                }
                try await group.waitForAll()
            }
        }
        await producer.close()
        try? await simulator.shutdown()
    }
}
