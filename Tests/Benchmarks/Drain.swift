import Foundation
import TestStack
import TestWaiting

/// One drain: submissions are there, workers start, and all is stored and published.
struct Drain {
    /// Orders a second, from the first batch that is seen to the last event's acknowledgement.
    let rate: Double
    private let batches: Int
    private let orders: Int
    // The largest resident size of a worker, in KiB.
    private let memory: Int

    var note: String {
        "\(orders / max(1, batches)) a batch, at most \(memory / 1024) MiB a process"
    }

    /// - Parameter indices: the orders, which follow on those of earlier drains.
    static func run(
        on stack: BenchStack, processes count: Int, _ indices: Range<Int>
    ) async throws -> Drain {
        try await stack.preload(indices)
        let (before, goal) = (indices.lowerBound, indices.upperBound)
        let held = try await stack.number("select count(*) from orders")
        let outboxBefore = try await lastOutboxID(stack)
        let workers = try (0..<count).map { _ in try stack.role(["worker", "signature"]) }
        try await stack.poll(workers) { try await stack.stored() > before }
        let (begun, start) = (try await stack.stored(), ContinuousClock.now)
        try await stack.poll(workers) { try await stack.stored() >= goal }
        try await stack.poll(workers) {
            try await stack.number("select count(*) from outbox") == 0
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let memory = workers.map { peakMemory(of: $0.pid) }.max() ?? 0
        try await stack.stop(workers)
        let added = try await stack.number("select count(*) from orders") - held
        guard added == indices.count else {
            throw DeadlineError(description: "\(added) orders were stored, not \(indices.count)")
        }
        return Drain(
            rate: Double(goal - begun) / seconds,
            batches: try await lastOutboxID(stack) - outboxBefore, orders: indices.count,
            memory: memory)
    }

    private static func lastOutboxID(_ stack: BenchStack) async throws -> Int {
        try await stack.number("select last_value from outbox_outbox_id_seq")
    }

    private static func peakMemory(of pid: Int32) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return line.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) } ?? 0
    }
}
