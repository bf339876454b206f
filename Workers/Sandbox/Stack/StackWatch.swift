package import AsyncHTTPClient
import Composition
import Embedded
package import Logging
import NIOCore
import Postgres
import Store

/// Reads a running stack's status about once a second.
package struct StackWatch: Sendable {
    private let stack: Stack
    private let client: HTTPClient
    private let logger: Logger

    package init(stack: Stack, client: HTTPClient, logger: Logger) {
        self.stack = stack
        self.client = client
        self.logger = logger
    }

    /// Calls `show` until the task is cancelled. The pause is a second, or twenty times what the
    /// reading took where that is more.
    package func run(show: @Sendable (StackStatus) -> Void) async throws {
        let connection = try await PostgresConnection.connect(
            stack.postgres.url, applicationName: "tally-watch", logger: logger)
        while !Task.isCancelled {
            let started = ContinuousClock.now
            if let counts = try await connection.run(LiveCounts()).first {
                show(StackStatus(counts: counts, lag: await lag()))
            }
            let cost = (ContinuousClock.now - started) * 20
            try await Task.sleep(for: max(.seconds(1), cost))
        }
        await connection.close()
    }

    /// The sum of what the workers' consumers have measured.
    private func lag() async -> Int64? {
        var sum: Int64 = 0
        for role in Set(Role.readers.values).compactMap(Role.init(rawValue:)) {
            let url = "http://127.0.0.1:\(stack.ports.port(of: role))/metrics"
            guard
                let response = try? await client.execute(
                    HTTPClientRequest(url: url), timeout: .seconds(1)),
                let body = try? await response.body.collect(upTo: 1 << 20)
            else { return nil }
            sum += Self.lag(in: String(buffer: body))
        }
        return sum
    }

    /// - Parameter metrics: in Prometheus' text format.
    static func lag(in metrics: String) -> Int64 {
        metrics.split(separator: "\n").reduce(0) { sum, line in
            guard line.hasPrefix("tally_worker_lag_records{"),
                let value = line.split(separator: " ").last.flatMap({ Double($0) })
            else { return sum }
            return sum + Int64(value)
        }
    }
}
