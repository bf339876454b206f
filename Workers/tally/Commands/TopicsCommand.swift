import ArgumentParser
import Composition
import Kafka
import TopicCatalog

/// `tally topics`
struct TopicsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "topics", abstract: "Creates and checks the cluster's topics.",
        subcommands: [Apply.self, Diff.self, List.self])

    struct Apply: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create and alter the cluster's topics to match topics/*/topic.yaml.")
        @OptionGroup var global: GlobalOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "Use the values for production: copies, in-sync copies.") var production =
            false

        func run() async throws {
            let applier = try await TopicsCommand.applier(global, production: production)
            let outcome = try await applier.apply()
            if output.json {
                try Terminal.json([
                    "fixed": outcome.fixed.map(\.description),
                    "remaining": outcome.remaining.map(\.description),
                ])
            } else {
                for drift in outcome.fixed { Terminal.line("fixed: \(drift)") }
                for drift in outcome.remaining {
                    Terminal.line("to be fixed by an operator: \(drift)")
                }
                if outcome.fixed.isEmpty && outcome.remaining.isEmpty {
                    Terminal.line("the topics match the catalog")
                }
            }
            if !outcome.remaining.isEmpty { throw ExitCode.failure }
        }
    }

    struct Diff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print how the cluster differs from topics/*/topic.yaml; exit 1 if it does.")
        @OptionGroup var global: GlobalOptions
        @OptionGroup var output: OutputOptions
        @Flag(help: "Use the values for production: copies, in-sync copies.") var production =
            false

        func run() async throws {
            let applier = try await TopicsCommand.applier(global, production: production)
            let drifts = try await applier.drift()
            if output.json {
                try Terminal.json(["drift": drifts.map(\.description)])
            } else {
                for drift in drifts { Terminal.line(drift.description) }
                if drifts.isEmpty { Terminal.line("no drift") }
            }
            if !drifts.isEmpty { throw ExitCode.failure }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The catalog: each topic, its key, and who publishes and reads it.")
        @OptionGroup var output: OutputOptions

        func run() async throws {
            let catalog = try TopicCatalog.load()
            if output.json {
                try Terminal.json(catalog)
                return
            }
            for topic in catalog {
                Terminal.line(
                    "\(topic.name)  key \(topic.key), \(topic.partitions) partitions, "
                        + "by \(topic.publishedBy.joined(separator: ", ")), "
                        + "for \(topic.consumedBy.joined(separator: ", "))")
            }
        }
    }

    private static func applier(
        _ global: GlobalOptions, production: Bool
    ) async throws -> TopicApplier<KafkaTopicCluster> {
        let settings = try await global.settings()
        _ = try await CommandBroker.topics(settings)
        return TopicApplier(
            try TopicCatalog.load(),
            on: KafkaTopicCluster(
                KafkaAdmin(settings: settings.kafka, logger: Terminal.quietLogger)),
            production: production)
    }
}
