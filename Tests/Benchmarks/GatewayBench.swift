import AsyncHTTPClient
import Embedded
import Foundation
import NIOCore
import NIOHTTP1
import TestStack
import TestWaiting

/// Orders over HTTP at a fixed rate, answered with a pay URL: the time from the moment an order
/// was due to be sent to its answer, so that a stall counts for every order that it delayed.
struct GatewayBench {
    let stack: BenchStack
    /// Orders a second.
    let perSecond: Int

    private static let seconds = 30
    private static let warmUp = 2_000

    func run() async throws {
        let port = try LoopbackPort.free(count: 1)[0]
        let roles = [
            try stack.role(["worker", "signature"]), try stack.role(["gateway"], port: port),
        ]
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: HTTPClient.Configuration(
                timeout: .init(connect: .seconds(5), read: .seconds(20)),
                connectionPool: .init(
                    idleTimeout: .seconds(60), concurrentHTTP1ConnectionsPerHostSoftLimit: 256)))
        let url = "http://127.0.0.1:\(port)"
        let answers: [Answer]
        do {
            try await stack.poll(roles) { await isReady(url, client) }
            _ = try await load(0..<Self.warmUp, perSecond: perSecond / 4, url, client)
            let count = perSecond * Self.seconds
            answers = try await load(
                Self.warmUp..<Self.warmUp + count, perSecond: perSecond, url, client)
        } catch {
            try await client.shutdown()
            throw error
        }
        try await client.shutdown()
        try await stack.stop(roles)
        try report(answers)
    }

    private struct Answer: Sendable {
        let isPayable: Bool
        let milliseconds: Double
    }

    private func report(_ answers: [Answer]) throws {
        let sorted = answers.map(\.milliseconds).sorted()
        func text(_ permille: Int) -> String {
            String(
                format: "%.1f ms", sorted[min(sorted.count - 1, sorted.count * permille / 1_000)])
        }
        let others = answers.count { !$0.isPayable }
        print(
            "gateway, \(perSecond) orders/s for \(Self.seconds) s: p50 \(text(500)), "
                + "p95 \(text(950)), p99 \(text(990)), at most \(text(1_000)); "
                + "\(others) without a pay URL (limit: p99 50 ms)")
        guard others == 0 else { throw DeadlineError(description: "orders weren't answered") }
    }

    private func isReady(_ url: String, _ client: HTTPClient) async -> Bool {
        let request = HTTPClientRequest(url: url + "/readyz")
        let response = try? await client.execute(request, timeout: .seconds(2))
        return response?.status == .ok
    }

    private func load(
        _ indices: Range<Int>, perSecond: Int, _ url: String, _ client: HTTPClient
    ) async throws -> [Answer] {
        let maker = try OrderMaker()
        let bodies = try indices.map { ByteBuffer(bytes: try maker.request($0)) }
        let start = ContinuousClock.now.advanced(by: .milliseconds(100))
        return try await withThrowingTaskGroup(of: Answer.self) { group in
            for (place, body) in bodies.enumerated() {
                let due = start.advanced(by: .seconds(1) * place / perSecond)
                try await Task.sleep(until: due)
                group.addTask { try await send(body, due, url, client) }
            }
            var answers: [Answer] = []
            for try await answer in group { answers.append(answer) }
            return answers
        }
    }

    private func send(
        _ body: ByteBuffer, _ due: ContinuousClock.Instant, _ url: String, _ client: HTTPClient
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: url + "/v1/orders")
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.body = .bytes(body)
        let response = try await client.execute(request, timeout: .seconds(20))
        let text = String(buffer: try await response.body.collect(upTo: 1 << 20))
        return Answer(
            isPayable: response.status == .created && text.contains("\"pay_url\""),
            milliseconds: (ContinuousClock.now - due) / .milliseconds(1))
    }
}
