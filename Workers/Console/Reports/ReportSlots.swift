import HTTPTypes
import Synchronization

/// How many reports a console makes at a time: each reads the database for seconds or minutes, and
/// the pages of others need it too.
final class ReportSlots: Sendable {
    private let taken = Mutex(0)
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    /// Runs `body`, unless `limit` others run.
    /// - Throws: ``PageError``, 503, where they do; the body's own errors.
    func run<Value>(_ body: () async throws -> Value) async throws -> Value {
        let isFree = taken.withLock { taken in
            guard taken < limit else { return false }
            taken += 1
            return true
        }
        guard isFree else {
            throw PageError(
                status: .serviceUnavailable,
                (
                    "\(limit) reports are being made already. Try again in a moment.",
                    "已有 \(limit) 份报表正在生成，请稍后重试。"
                ))
        }
        defer { taken.withLock { $0 -= 1 } }
        return try await body()
    }
}
