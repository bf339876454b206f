import Events
import Foundation
import Payments
import Postgres
import Store
import Testing

/// What the worker runtime rests on.
@Suite(.timeLimit(.minutes(2))) struct RuntimeStatementTests {
    private let connection: PostgresConnection

    init() async throws { connection = try await migratedConnection() }

    private func offsets(_ worker: String) async throws -> [Int32: Int64] {
        let rows = try await connection.run(StoredOffsets(worker: worker))
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.partition, $0.nextOffset) })
    }

    @Test func offsetsMoveByCompareAndSet() async throws {
        let ensure = EnsureOffsets(worker: "w", topics: ["t", "t"], partitions: [0, 1])
        try await connection.run(ensure)
        func move(_ worker: String, _ moves: [(Int32, Int64, Int64)]) async throws -> [Int32] {
            try await connection.run(
                MoveOffsets(
                    worker: worker,
                    moves: moves.map {
                        .init(topic: "t", partition: $0.0, seen: $0.1, next: $0.2)
                    })
            ).sorted()
        }
        #expect(try await move("w", [(0, 0, 10), (1, 0, 20)]) == [0, 1])
        // Only what stands where the batch began moves.
        #expect(try await move("w", [(0, 9, 30), (1, 20, 30)]) == [1])
        #expect(try await move("w", [(0, 0, 10)]) == [])
        #expect(try await move("other", [(0, 10, 11)]) == [])
        #expect(try await move("w", [(2, 0, 1)]) == [])
        #expect(try await offsets("w") == [0: 10, 1: 30])
        // Partitions that are known stay where they are.
        try await connection.run(ensure)
        #expect(try await offsets("w") == [0: 10, 1: 30])
    }

    @Test func ofTwoOwnersOneMovesAnOffset() async throws {
        let url = try await migratedDatabase()
        let pair = [
            try await PostgresConnection.connect(url, logger: quiet),
            try await PostgresConnection.connect(url, logger: quiet),
        ]
        try await pair[0].run(EnsureOffsets(worker: "w", topics: ["t"], partitions: [0]))
        for round in 0..<20 {
            let moved = try await withThrowingTaskGroup(of: Int.self) { group in
                for one in pair {
                    group.addTask {
                        try await one.transaction { transaction in
                            try await transaction.run(
                                MoveOffsets(
                                    worker: "w",
                                    moves: [
                                        .init(
                                            topic: "t", partition: 0, seen: Int64(round),
                                            next: Int64(round) + 1)
                                    ])
                            ).count
                        }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(moved == 1)
        }
    }

    @Test func theOutboxKeepsOrderAndSources() async throws {
        let events = (0..<3).map {
            OutgoingEvent(topic: "t", key: nil, value: [UInt8($0)], headers: [.init("h", "v")])
        }
        func add(_ worker: String, _ sources: [String], _ event: OutgoingEvent) async throws
            -> Int64
        {
            try #require(
                try await connection.run(
                    AddToOutbox(worker: worker, sources: sources, events: [event])
                ).first)
        }
        let first = try await add("w", ["t/0", "t/1"], events[0])
        let second = try await add("w", ["t/1"], events[1])
        _ = try await add("w", ["t/2"], events[2])
        _ = try await add("x", ["t/1"], events[2])
        let left = try await connection.run(LeftoverOutbox(worker: "w", sources: ["t/1"], after: 0))
        #expect(left.map(\.id) == [first, second])
        #expect(left.flatMap(\.events) == Array(events[..<2]))
        #expect(
            try await connection.run(StaleOutbox(worker: "w", olderThanSeconds: 3_600)).isEmpty)
        let oldest = try #require(
            try await connection.run(OldestOutbox(worker: "w")).first)
        #expect((0..<60).contains(oldest))
        #expect(try await connection.run(OldestOutbox(worker: "nobody")).isEmpty)
        #expect(try await connection.run(StaleOutbox(worker: "w", olderThanSeconds: 0)).count == 3)
        try await connection.run(DeleteFromOutbox(ids: [first, second]))
        #expect(try await connection.number("select count(*) from outbox") == 2)
    }

    @Test func aPauseNeedsTheStoredOffsetAndItsReleaseIsAudited() async throws {
        try await connection.run(EnsureOffsets(worker: "w", topics: ["t"], partitions: [3]))
        func pause(_ offset: Int64, _ reason: PauseReason) async throws -> [Int32] {
            try await connection.run(
                PausePartitions(
                    worker: "w",
                    pauses: [
                        .init(
                            topic: "t", partition: 3, offset: offset, reason: reason,
                            detail: "why\u{0}")
                    ]))
        }
        #expect(try await pause(7, .poisonLimit) == [])
        #expect(try await connection.run(PausedPartitions()).isEmpty)
        #expect(try await pause(0, .offsetGone) == [3])
        // The first reason is kept.
        #expect(try await pause(0, .poisonLimit) == [])
        let paused = try await connection.run(PausedPartitions(worker: "w"))
        #expect(paused.map(\.reason) == [.offsetGone])
        #expect(paused.map(\.detail) == ["why "])
        #expect(try await connection.run(PausedPartitions(worker: "x")).isEmpty)

        let release = ReleasePartition(
            worker: "w", topic: "t", partition: 3, allowed: 10, offset: 42, actor: "ops",
            now: Shop.noon)
        #expect(try await connection.run(release) == [42])
        #expect(try await connection.run(release) == [])
        let row = try #require(try await connection.run(StoredOffsets(worker: "w")).first)
        #expect(row.nextOffset == 42)
        #expect(row.consecutivePoison == -10)
        #expect(row.pauseReason == nil)
        let trail = try await connection.run(AuditTrail(subject: "w t/3"))
        #expect(trail.map(\.action) == ["partition.release"])
    }

    @Test func theTopicsIDIsKeptOnceSomethingOfItIsRead() async throws {
        try await connection.run(EnsureOffsets(worker: "w", topics: ["t"], partitions: [0]))
        func id(after new: String) async throws -> String? {
            try await connection.run(StoreTopicIDs(worker: "w", topics: ["t"], ids: [new]))
            return try await connection.run(StoredOffsets(worker: "w")).first?.topicID
        }
        #expect(try await id(after: "first") == "first")
        // Nothing was read of the first.
        #expect(try await id(after: "second") == "second")
        try await connection.run(
            MoveOffsets(
                worker: "w",
                moves: [.init(topic: "t", partition: 0, seen: 0, next: 9, leaderEpoch: 4)]))
        #expect(try await id(after: "third") == "second")
        #expect(try await connection.run(StoredOffsets(worker: "w")).first?.leaderEpoch == 4)
        // A move without an epoch keeps it.
        try await connection.run(
            MoveOffsets(worker: "w", moves: [.init(topic: "t", partition: 0, seen: 9, next: 10)]))
        #expect(try await connection.run(StoredOffsets(worker: "w")).first?.leaderEpoch == 4)
    }

    @Test func oneProcessAtATimeRelaysAWorkersRows() async throws {
        let (first, second) = (UUID(), UUID())
        func claims(_ holder: UUID, _ worker: String = "w") async throws -> Bool {
            try await !connection.run(ClaimOutboxRelay(worker: worker, holder: holder)).isEmpty
        }
        #expect(try await claims(first))
        #expect(try await claims(first))
        #expect(try await !claims(second))
        #expect(try await claims(second, "another worker"))
        try await connection.execute(
            "update outbox_relays set lease_until = clock_timestamp() where worker = 'w'")
        #expect(try await claims(second))
        #expect(try await !claims(first))
        // Only the holder ends the lease.
        try await connection.run(EndOutboxRelay(worker: "w", holder: first))
        #expect(try await !claims(first))
        try await connection.run(EndOutboxRelay(worker: "w", holder: second))
        #expect(try await claims(first))
    }
}
