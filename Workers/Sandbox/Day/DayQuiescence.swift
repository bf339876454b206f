import AsyncHTTPClient
import Composition
import Kafka
import NIOCore
import Payments
import Postgres
import Simulator
import Store
import WorkerRuntime

/// Whether a played day has come to rest at its present time: every published record has been
/// consumed by every worker that reads its topic, and nothing is due.
///
/// The database is read first and the ends of the topics after it: whatever was published before
/// the reading shows as an end above an offset, and nothing can be published after it unless
/// something was due.
struct DayQuiescence: Quiescence {
    let pool: PostgresPool
    let clock: any BusinessClock
    /// The end offset of each partition, over all producers.
    let ends: @Sendable () async throws -> [TopicPartition: Int64]

    func isQuiet() async throws -> Bool { try await unfinished().isEmpty }

    func whatIsNotQuiet() async -> String {
        do {
            return try await unfinished().joined(separator: ", ")
        } catch {
            return "\(error)"
        }
    }

    private func unfinished() async throws -> [String] {
        let now = clock.now()
        let (work, offsets) = try await pool.transaction(at: .repeatableRead) { transaction in
            (
                try await transaction.run(UnfinishedWork(now: now)).first,
                try await transaction.run(AllStoredOffsets())
            )
        }
        var left: [String] = []
        if let work, !work.isNone { left.append("\(work)") }
        let ends: [TopicPartition: Int64]
        do {
            ends = try await self.ends()
        } catch {
            // A role that is being restarted; its ends are read once it answers again.
            return left + ["\(error)"]
        }
        for (partition, end) in ends {
            // A partition without a stored offset hasn't been read yet.
            guard let reader = Role.readers[partition.topic] else { continue }
            let stored = offsets.first { row in
                row.worker == reader && row.topic == partition.topic
                    && row.partition == partition.partition
            }
            if (stored?.nextOffset ?? 0) < end {
                left.append(
                    "\(reader) is \(end - (stored?.nextOffset ?? 0)) behind in \(partition)")
            }
        }
        return left
    }
}

/// Reads the ends of partitions from the metrics of roles in other processes.
actor ScrapedEnds {
    private let client: HTTPClient
    private let roles: [String]
    // A restarted process doesn't know the ends of the process before it.
    private var ends: [TopicPartition: Int64] = [:]

    /// - Parameter roles: `http://host:port` of each.
    init(client: HTTPClient, roles: [String]) {
        self.client = client
        self.roles = roles
    }

    func all() async throws -> [TopicPartition: Int64] {
        for role in roles {
            let response = try await client.execute(
                HTTPClientRequest(url: role + "/metrics"), timeout: .seconds(5))
            let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
            for line in text.split(separator: "\n") {
                guard let (partition, end) = Self.end(in: line) else { continue }
                ends[partition] = max(ends[partition] ?? 0, end)
            }
        }
        return ends
    }

    // tally_produced_end_offset{partition="0",topic="orders.submitted"} 12
    static func end(in line: Substring) -> (TopicPartition, Int64)? {
        guard line.hasPrefix("tally_produced_end_offset{"),
            let value = line.split(separator: " ").last
        else { return nil }
        let quoted = line.split(separator: "\"", omittingEmptySubsequences: false)
        guard quoted.count >= 4, let partition = Int32(quoted[1]), let end = Int64(value) else {
            return nil
        }
        return (TopicPartition(topic: String(quoted[3]), partition: partition), end)
    }
}
