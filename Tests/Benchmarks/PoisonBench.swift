import Embedded
import Events
import Foundation
import Kafka
import TestStack
import TestWaiting

/// What poison among the submissions costs the good ones, and what a worker does that receives
/// nothing else.
struct PoisonBench {
    let stack: BenchStack

    private static let perSecond = 2_000
    private static let seconds = 15

    func run() async throws {
        let clean = try await delays(poisonPercent: 0, from: 0)
        print("2,000 submissions/s, no poison: \(clean)")
        let mixed = try await delays(poisonPercent: 1, from: Self.perSecond * Self.seconds)
        print("2,000 submissions/s, 1 % poison: \(mixed)")
        let added = mixed.maximum - clean.maximum
        print("the slowest good one is \(added) ms later than without poison (limit 1,000)")
        try await poisonOnly()
        guard added <= 1_000 else { throw DeadlineError(description: "poison delays good records") }
    }

    private struct Delays: CustomStringConvertible {
        let sorted: [Int64]
        var maximum: Int64 { sorted.last ?? 0 }
        var description: String {
            let (half, most) = (sorted[sorted.count / 2], sorted[sorted.count * 99 / 100])
            return "\(sorted.count) good ones answered after \(half) ms (p50), \(most) ms (p99), "
                + "\(maximum) ms (at most)"
        }
    }

    /// From each good submission's publishing to its answer's, in milliseconds of one clock.
    private func delays(poisonPercent: Int, from first: Int) async throws -> Delays {
        let worker = try stack.role(["worker", "signature"])
        let maker = try OrderMaker()
        let producer = try stack.producer()
        // The first is there before the clock starts: the group has formed when it is answered.
        let count = Self.perSecond * Self.seconds
        let begun = try await stack.stored()
        _ = try await producer.send([BenchStack.record(try maker.record(first), of: first)])
        try await stack.poll([worker]) { try await stack.stored() > begun }
        let start = ContinuousClock.now
        var sent: [String: Int64] = [:]
        let step = 20
        for piece in stride(from: first + 1, to: first + count, by: step) {
            let due = start.advanced(by: .seconds(1) * (piece - first) / Self.perSecond)
            try await Task.sleep(until: due)
            var records: [ProducerRecord] = []
            for index in piece..<min(piece + step, first + count) {
                let isPoison = index % 100 < poisonPercent
                let value = isPoison ? Array("no order".utf8) : try maker.record(index)
                records.append(BenchStack.record(value, of: index))
                if !isPoison { sent["B\(index)"] = milliseconds() }
            }
            _ = try await producer.send(records)
        }
        await producer.close()
        try await stack.poll([worker]) { try await stack.stored() >= begun + count }
        try await stack.poll([worker]) {
            try await stack.number("select count(*) from outbox") == 0
        }
        try await stack.stop([worker])
        let answered = try await answers(to: Set(sent.keys))
        guard answered.count == sent.count else {
            throw DeadlineError(description: "\(answered.count) of \(sent.count) were answered")
        }
        return Delays(sorted: sent.map { (answered[$0.key] ?? 0) - $0.value }.sorted())
    }

    private func milliseconds() -> Int64 { Int64(Date().timeIntervalSince1970 * 1_000) }

    private func answers(to merchantOrderNos: Set<String>) async throws -> [String: Int64] {
        let reader = try KafkaReader(
            settings: KafkaSettings(brokers: stack.broker.brokers),
            topics: [OrderAccepted.topic], from: .beginning, logger: BenchStack.quiet)
        var answered: [String: Int64] = [:]
        while answered.count < merchantOrderNos.count {
            let records = try await reader.poll(maxRecords: 5_000, wait: .seconds(10))
            guard !records.isEmpty else { break }
            for record in records {
                let event = try EventCodec.decode(OrderAccepted.self, from: record.value)
                guard merchantOrderNos.contains(event.merchantOrderNo) else { continue }
                answered[event.merchantOrderNo] = record.timestampMilliseconds
            }
        }
        await reader.close()
        return answered
    }

    /// Nothing but poison: every partition is paused, the worker goes on, and nothing is lost.
    private func poisonOnly() async throws {
        let (count, limit) = (12_000, 1_000)
        let before = try await stack.number("select count(*) from dead_letters")
        let begun = try await stack.stored()
        let producer = try stack.producer()
        _ = try await producer.send(
            (0..<count).map { BenchStack.record(Array("no order \($0)".utf8), of: $0) })
        await producer.close()
        let limited = try stack.role(["worker", "signature"])
        // A partition with fewer records than the limit is read to its end.
        try await stack.poll([limited]) {
            let paused = try await stack.number(
                "select count(*) from consumer_offsets where paused_reason is not null")
            return try await stack.stored() - begun >= count || paused >= 1
        }
        try await stack.stop([limited])
        let (deadLetters, stored, longest) = (
            try await stack.number("select count(*) from dead_letters") - before,
            try await stack.stored() - begun,
            try await stack.number("select max(poison_run)::bigint from consumer_offsets")
        )
        print(
            "100 % poison: \(deadLetters) dead letters, \(stored) stored, "
                + "at most \(longest) in a row"
        )
        guard longest <= limit, deadLetters == stored else {
            throw DeadlineError(description: "the worker went on, or lost something")
        }
        let free = try stack.role(["worker", "signature"], ["TALLY_POISON_LIMIT": "0"])
        try await stack.poll([free]) { try await stack.stored() >= begun + count }
        try await stack.stop([free])
        let all = try await stack.number("select count(*) from dead_letters") - before
        print("  with TALLY_POISON_LIMIT=0: \(all) dead letters of \(count)")
        guard all == count else { throw DeadlineError(description: "dead letters were lost") }
    }
}
