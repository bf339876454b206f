import Embedded
import Foundation
import Kafka
import TestStack
import TestWaiting

/// Intake: orders that wait in `orders.submitted` are verified, stored, decided on and published by
/// some processes of the signature worker. Beside it, on the same servers and from the same bytes:
/// a Python consumer that does the same work, one that does the least there is to do, and
/// PostgreSQL alone.
struct IntakeBench {
    let stack: BenchStack
    /// Of each drain.
    let orders: Int

    private static let partitions = 6
    private static let topic = "bench.orders"
    private static let acceptedTopic = "bench.accepted"

    func run(processes: [Int], into table: inout Table) async throws {
        let ceiling = try await python("intake.py", mode: "ceiling", processes: 2)
        table.add(
            "PostgreSQL alone: unnest, two connections", ceiling, "9 columns and an outbox row")
        var rates: [Int: Double] = [:]
        for (round, count) in processes.enumerated() {
            let drain = try await Drain.run(
                on: stack, processes: count, round * orders..<(round + 1) * orders)
            rates[count] = drain.rate
            table.add(
                "intake, \(name(count))", drain.rate,
                ratio(drain.rate, ceiling) + " of PostgreSQL alone; \(drain.note)")
        }
        try await preload()
        let best = rates.values.max() ?? 0
        for (label, script) in [("same work", "intake_peer.py"), ("raw", "intake.py")] {
            for count in [1, 2] {
                let rate = try await python(script, mode: "drain", processes: count)
                let alike = rates[count].map { "; with \(name(count)) " + ratio($0, rate) } ?? ""
                table.add(
                    "Python, \(label), \(name(count))", rate,
                    "our best is " + ratio(best, rate) + alike)
            }
        }
        table.note(
            "Work: intake and Python's same work store 27 columns an order, its event in the "
                + "outbox and the offsets in one transaction, publish the event (idempotent, "
                + "acknowledged) and delete the outbox row; raw stores 9 columns and a short "
                + "outbox row, and publishes nothing. All check two MD5 signatures an order.")
    }

    private func name(_ processes: Int) -> String {
        "\(processes) process\(processes == 1 ? "" : "es")"
    }

    private func preload() async throws {
        let admin = KafkaAdmin(
            settings: KafkaSettings(brokers: stack.broker.brokers), logger: BenchStack.quiet)
        _ = try await admin.createTopics(
            [Self.topic, Self.acceptedTopic].map {
                TopicSpecification(name: $0, partitions: Self.partitions)
            })
        try await stack.preload(0..<orders, to: Self.topic)
    }

    private func python(_ script: String, mode: String, processes: Int) async throws -> Double {
        let options: [String: Any] = [
            "mode": mode, "database": stack.postgres.url, "brokers": stack.broker.brokers,
            "topic": Self.topic, "processes": processes, "count": orders,
            "partitions": Self.partitions,
            "secrets": [SmallBusiness.secret, SmallBusiness.agentSecret],
        ]
        let json = String(
            decoding: try JSONSerialization.data(withJSONObject: options), as: UTF8.self)
        let tools = FileManager.default.currentDirectoryPath
        let process = try TallyProcess(
            [tools + "/Tests/Benchmarks/" + script, json], folder: stack.folder, name: "python",
            program: tools + "/.tally-tools/python/bin/python")
        let ending = try await process.ending(within: .seconds(600))
        guard ending.status == 0,
            let result = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
                as? [String: Double], let rate = result["rate"]
        else { throw DeadlineError(description: "\(script): \(ending.errors)") }
        return rate
    }
}
