import ArgumentParser
import Kafka
import Logging
import Postgres
import Store

/// `tally lag`
struct LagCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lag",
        abstract: "Where each worker stands: the stored offset of every topic and partition.")
    @OptionGroup var global: GlobalOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try await global.settings()
        let connection = try await PostgresConnection.connect(
            try settings.requireDatabase(), applicationName: "tally-lag",
            logger: Logger(label: "tally.lag"))
        let rows = try await connection.run(AllStoredOffsets())
        await connection.close()
        if output.json {
            try Terminal.json(rows.map(Line.init))
            return
        }
        for row in rows {
            Terminal.line("\(row.worker)  \(row.topic)/\(row.partition)  next \(row.nextOffset)")
        }
    }

    private struct Line: Encodable {
        let worker: String
        let topic: String
        let partition: Int32
        let nextOffset: Int64

        init(_ row: AllStoredOffsets.Row) {
            worker = row.worker
            topic = row.topic
            partition = row.partition
            nextOffset = row.nextOffset
        }
    }
}
