import ArgumentParser
import Composition
import Payments
import Postgres
import Store
import WorkerRuntime

/// `tally dead-letters release`
struct PartitionRelease: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release",
        abstract: "Let a worker read a partition again that it has paused.",
        discussion: """
            tally lag shows the paused partitions and why. After poison_limit the worker goes on \
            at the first record that it didn't take; another --allow records in a row may become \
            dead letters beyond the limit. After offset_gone or topic_replaced --from says where \
            it goes on: earliest reads every record that the broker has (repeats have no second \
            effect), latest only those published from now on. The release is in the audit log.
            """)

    /// Where the worker goes on.
    enum Start: String, ExpressibleByArgument, CaseIterable {
        case earliest, latest
    }

    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions
    @Option(help: "The worker, as tally lag shows it.") var worker: String
    @Option(help: "The topic.") var topic: String
    @Option(help: "The partition.") var partition: Int32
    @Option(help: "Where the worker goes on; required unless the reason is poison_limit.")
    var from: Start?
    @Option(
        help: ArgumentHelp(
            "How many more records in a row may become dead letters.", valueName: "n"))
    var allow = 0
    @Flag(help: "Print what would be done, and change nothing.") var dryRun = false

    func validate() throws {
        guard (0...1_000_000_000).contains(allow) else {
            throw ValidationError("--allow must be from 0 to 1,000,000,000")
        }
    }

    func run() async throws {
        let settings = try await global.settings()
        let connection = try await CommandDatabase.connect(settings, name: "dead-letters")
        let paused = try await connection.run(PausedPartitions(worker: worker))
            .first { $0.topic == topic && $0.partition == partition }
        guard let paused else { throw notPaused }
        guard paused.reason == .poisonLimit || from != nil else {
            throw CommandError(
                "\(place) is paused at offset \(paused.nextOffset) (\(paused.reason.rawValue): "
                    + "\(paused.detail)). Say where the worker goes on: --from earliest or "
                    + "--from latest")
        }
        let offset = try await offset(settings, connection)
        if dryRun {
            await connection.close()
            return try report("would release", paused, offset ?? paused.nextOffset)
        }
        let next = try await connection.run(
            ReleasePartition(
                worker: worker, topic: topic, partition: partition, allowed: allow,
                offset: offset, actor: DeadLettersCommand.actor, now: SystemClock().now())
        ).first
        await connection.close()
        guard let next else { throw notPaused }
        try report("released", paused, next)
    }

    private var place: String { "\(topic)/\(partition) of worker \(worker)" }

    private var notPaused: CommandError {
        CommandError("\(place) is not paused; tally lag shows the partitions that are")
    }

    /// 0 stands for the oldest record.
    private func offset(
        _ settings: Settings, _ connection: PostgresConnection
    ) async throws -> Int64? {
        switch from {
        case nil: return nil
        case .earliest: return 0
        case .latest:
            let rows = try await connection.run(AllStoredOffsets()).filter {
                $0.worker == worker && $0.topic == topic && $0.partition == partition
            }
            let end = try await LagReading(settings: settings).lines(of: rows)
                .first { $0.worker == worker && $0.topic == topic && $0.partition == partition }?
                .end
            guard let end else {
                throw CommandError(
                    "no broker returned the end offset of \(topic)/\(partition) in time; nothing "
                        + "was released")
            }
            return end
        }
    }

    private func report(
        _ done: String, _ paused: PausedPartitions.Row, _ next: Int64
    ) throws {
        if output.json {
            return try Terminal.json(
                Report(
                    worker: worker, topic: topic, partition: partition,
                    reason: paused.reason.rawValue, detail: paused.detail,
                    pausedAt: paused.pausedAt.rfc3339, nextOffset: next, allowed: allow,
                    dryRun: dryRun))
        }
        Terminal.line(
            "\(done) \(place), paused since \(paused.pausedAt.shanghai) (\(paused.reason.rawValue))"
        )
        let start = next == 0 ? "the oldest record" : "offset \(next)"
        Terminal.line("its worker goes on at \(start), within seconds where it runs")
    }

    private struct Report: Encodable {
        let worker: String
        let topic: String
        let partition: Int32
        let reason: String
        let detail: String
        let pausedAt: String
        let nextOffset: Int64
        let allowed: Int
        let dryRun: Bool
    }
}
