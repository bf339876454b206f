import Embedded
import Foundation
import Kafka
import TestStack
import TestWaiting

/// Intake: orders that wait in `orders.submitted` are verified, stored, answered and published by
/// so many processes of the signature worker; beside it a hand-tuned Python consumer of the same
/// bytes, and PostgreSQL alone, on the same servers.
struct IntakeBench {
    let stack: BenchStack
    /// Of each drain.
    let orders: Int

    func run(processes: [Int], into table: inout Table) async throws {
        let ceiling = try await python(mode: "ceiling", processes: 2, topic: "")
        table.add(
            "PostgreSQL alone: unnest, two connections", ceiling, "9 columns and an outbox row")
        var best = 0.0
        for (round, count) in processes.enumerated() {
            let drain = try await Drain.run(
                on: stack, processes: count, round * orders..<(round + 1) * orders)
            best = max(best, drain.rate)
            table.add(
                "intake, \(count) process\(count == 1 ? "" : "es")", drain.rate,
                ratio(drain.rate, ceiling) + " of PostgreSQL alone; 30 columns, published; "
                    + drain.note)
        }
        let topic = "bench.orders"
        _ = try await KafkaAdmin(
            settings: KafkaSettings(brokers: stack.broker.brokers), logger: BenchStack.quiet
        ).createTopics([TopicSpecification(name: topic, partitions: Self.partitions)])
        try await stack.preload(0..<orders, to: topic)
        for count in [1, 2] {
            let rate = try await python(mode: "drain", processes: count, topic: topic)
            table.add(
                "Python, COPY, \(count) process\(count == 1 ? "" : "es")", rate,
                "our best is " + ratio(best, rate) + "; 9 columns, nothing published")
        }
    }

    private static let partitions = 6

    private func python(mode: String, processes: Int, topic: String) async throws -> Double {
        let options: [String: Any] = [
            "mode": mode, "database": stack.postgres.url, "brokers": stack.broker.brokers,
            "topic": topic, "processes": processes, "count": orders,
            "partitions": Self.partitions,
            "secrets": [SmallBusiness.secret, SmallBusiness.agentSecret],
        ]
        let json = String(
            decoding: try JSONSerialization.data(withJSONObject: options), as: UTF8.self)
        let tools = FileManager.default.currentDirectoryPath
        let process = try TallyProcess(
            [tools + "/Tests/Benchmarks/intake.py", json], folder: stack.folder, name: "python",
            program: tools + "/.tally-tools/python/bin/python")
        let ending = try await process.ending(within: .seconds(600))
        guard ending.status == 0,
            let answer = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
                as? [String: Double], let rate = answer["rate"]
        else { throw DeadlineError(description: "intake.py: \(ending.errors)") }
        return rate
    }
}
