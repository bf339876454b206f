import ArgumentParser
import Composition
import Kafka
import Payments
import Postgres
import Sentences
import Store
import WorkerRuntime

/// `tally lag`
struct LagCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lag",
        abstract:
            "Each worker's stored offset, end offset and lag in every partition it reads.",
        discussion: """
            Stored offsets are PostgreSQL's; the broker's group offsets aren't used. The oldest \
            age is that of the record at the stored offset: the first whose effect isn't stored.
            """)
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try await global.settings()
        let connection = try await CommandDatabase.connect(settings, name: "lag")
        let rows = try await connection.run(AllStoredOffsets())
        await connection.close()
        let now = SystemClock().now()
        let lines = try await LagReading(settings: settings).lines(of: rows)
        if output.json {
            try Terminal.json(lines.map { LagJSON($0, at: now) })
        } else {
            Self.show(lines, at: now)
        }
        let unread = lines.filter { $0.end == nil }.map { "\($0.topic)/\($0.partition)" }
        guard unread.isEmpty else {
            throw CommandError(
                "no broker returned the end offset of \(unread.joined(separator: ", ")) in time: "
                    + "check that the leaders of these partitions run")
        }
    }

    private static func show(_ lines: [PartitionLag], at now: Timestamp) {
        guard !lines.isEmpty else {
            return Terminal.line(
                "the cluster has no topic that a worker reads; run tally topics apply")
        }
        for line in table(lines, now.microseconds).lines { Terminal.line(line) }
        let waiting = lines.compactMap(\.lag).filter { $0 > 0 }
        Terminal.line(
            waiting.isEmpty
                ? "no lag"
                : "lag: \(waiting.reduce(0, +).grouped) records in \(waiting.count) partitions")
        let paused = lines.filter { $0.pauseReason != nil }
        if !paused.isEmpty {
            Terminal.line(
                "paused: \(paused.count) partitions; correct the cause, then tally dead-letters "
                    + "release --worker … --topic … --partition …")
        }
    }

    private static func table(_ lines: [PartitionLag], _ now: Int64) -> TextTable {
        var table = TextTable(
            headings: [
                "WORKER", "TOPIC", "PARTITION", "STORED", "END", "LAG", "OLDEST", "PAUSED",
            ],
            rightAligned: [2, 3, 4, 5, 6])
        for line in lines {
            let age = line.oldestSeconds(atMicroseconds: now).map {
                Duration.seconds($0).approximate
            }
            table.rows.append([
                line.worker, line.topic, String(line.partition),
                line.stored.map(String.init) ?? "never",
                line.end.map(String.init) ?? "unknown", line.lag?.grouped ?? "unknown",
                line.lag == 0 ? "-" : age ?? "unknown", line.pauseReason?.rawValue ?? "-",
            ])
        }
        return table
    }
}

/// A partition as JSON.
private struct LagJSON: Encodable {
    let worker: String
    let topic: String
    let partition: Int32
    let storedOffset: Int64?
    let endOffset: Int64?
    let lag: Int64?
    let oldestAgeSeconds: Double?
    let pausedBecause: String?

    init(_ line: PartitionLag, at now: Timestamp) {
        worker = line.worker
        topic = line.topic
        partition = line.partition
        storedOffset = line.stored
        endOffset = line.end
        lag = line.lag
        oldestAgeSeconds =
            line.lag == 0 ? 0 : line.oldestSeconds(atMicroseconds: now.microseconds)
        pausedBecause = line.pauseReason?.rawValue
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(worker, forKey: .worker)
        try container.encode(topic, forKey: .topic)
        try container.encode(partition, forKey: .partition)
        // Null where there is none: every object has every field.
        try container.encode(storedOffset, forKey: .storedOffset)
        try container.encode(endOffset, forKey: .endOffset)
        try container.encode(lag, forKey: .lag)
        try container.encode(oldestAgeSeconds, forKey: .oldestAgeSeconds)
        try container.encode(pausedBecause, forKey: .pausedBecause)
    }

    private enum CodingKeys: String, CodingKey {
        case worker, topic, partition, storedOffset, endOffset, lag, oldestAgeSeconds
        case pausedBecause
    }
}
