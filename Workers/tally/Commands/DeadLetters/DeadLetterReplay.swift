import ArgumentParser
import Composition
import Kafka
import Store
import WorkerRuntime

/// `tally dead-letters replay`
struct DeadLetterReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Send open letters back to their topics, oldest first.",
        discussion: """
            The record goes back unchanged, with the headers replayed-from and replay-count. Each \
            letter is replayed once, whoever else replays it at the same time; a replay that was \
            stopped or killed is gone on with by giving the command again.
            """)
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var selection: DeadLetterSelection
    @Option(help: ArgumentHelp("No faster than this, as 100/s.", valueName: "n/s"))
    var rate: ReplayRate?

    func run() async throws {
        let settings = try await global.settings()
        let run = HandlingRun(
            action: .replay, selection: selection, rate: rate?.perSecond, isJSON: output.json,
            topics: { try await Self.topics(settings.kafka) })
        try await run.run(try CommandTools(settings, name: "dead-letters"))
    }

    private static func topics(_ kafka: KafkaSettings) async throws -> Set<String> {
        do throws(KafkaError) {
            let admin = KafkaAdmin(
                settings: kafka, timeout: .seconds(5), logger: Terminal.quietLogger)
            return Set(try await admin.listTopics().map(\.name))
        } catch {
            throw CommandError(
                "the broker at \(kafka.brokers) does not answer, nothing was replayed: \(error)")
        }
    }
}

/// `tally dead-letters discard`
struct DeadLetterDiscard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Give open letters up.",
        discussion: "They stay in the table, with who gave them up and why.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var selection: DeadLetterSelection
    @Option(help: "Why, for those who look into it later; kept with the letter.")
    var because: String?

    func run() async throws {
        let run = HandlingRun(
            action: .discard(because: because), selection: selection, rate: nil,
            isJSON: output.json, topics: nil)
        try await run.run(try CommandTools(try await global.settings(), name: "dead-letters"))
    }
}
