import ArgumentParser
import Composition
import Kafka
import Store
import WorkerRuntime

/// `tally dead-letters replay`
struct DeadLetterReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Publish open dead letters to their topics again, oldest first.",
        discussion: """
            The record is published unchanged, with the headers replayed-from and replay-count. \
            Each dead letter is replayed once, also by two commands at the same time. After a \
            replay was stopped or killed, run the command again: it continues.
            """)
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var selection: DeadLetterSelection
    @Option(
        help: ArgumentHelp(
            "At most this many a second (100/s), a minute (600/m) or an hour.", valueName: "n/s"))
    var rate: ReplayRate?

    func run() async throws {
        let settings = try await global.settings()
        let run = HandlingRun(
            action: .replay, selection: selection, rate: rate?.perSecond, isJSON: output.json,
            topics: { Set(try await CommandBroker.topics(settings).map(\.name)) })
        try await run.run(try await CommandTools(settings, name: "dead-letters"))
    }
}

/// `tally dead-letters discard`
struct DeadLetterDiscard: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Discard open dead letters.",
        discussion: "They stay in the table, with who discarded them and why.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var selection: DeadLetterSelection
    @Option(help: "Why; stored with the dead letter and in the audit log.")
    var because: String?

    func run() async throws {
        let run = HandlingRun(
            action: .discard(because: because), selection: selection, rate: nil,
            isJSON: output.json, topics: nil)
        try await run.run(
            try await CommandTools(try await global.settings(), name: "dead-letters"))
    }
}
