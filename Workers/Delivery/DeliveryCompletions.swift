import Postgres
import Store

/// Stores the outcomes of attempts, those that end at the same time in one statement.
actor DeliveryCompletions {
    private typealias Waiting = (
        attempt: CompleteDeliveries.Attempt, continuation: CheckedContinuation<Void, any Error>
    )

    private let pool: PostgresPool
    private var waiting: [Waiting] = []
    private var isStoring = false

    init(pool: PostgresPool) { self.pool = pool }

    private static let batchLimit = 500

    /// Returns when the outcome is stored.
    /// - Throws: what the database says; then the lease expires, and the attempt is made again.
    func store(_ attempt: CompleteDeliveries.Attempt) async throws {
        try await withCheckedThrowingContinuation { continuation in
            waiting.append((attempt, continuation))
            guard !isStoring else { return }
            isStoring = true
            Task { await storeAll() }
        }
    }

    private func storeAll() async {
        while !waiting.isEmpty {
            let batch = Array(waiting.prefix(Self.batchLimit))
            waiting.removeFirst(batch.count)
            do {
                let statement = CompleteDeliveries(batch.map(\.attempt))
                _ = try await pool.withConnection { try await $0.run(statement) }
                for one in batch { one.continuation.resume() }
            } catch {
                for one in batch { one.continuation.resume(throwing: error) }
            }
        }
        isStoring = false
    }
}
