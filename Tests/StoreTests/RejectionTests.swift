import Events
import Payments
import Postgres
import Testing

@testable import Store

/// Rejections: those that anybody can cause are bounded, the merchant's own are kept.
@Suite(.timeLimit(.minutes(2))) struct RejectionTests {
    private let connection: PostgresConnection

    init() async throws { connection = try await migratedConnection() }

    private func rejection(
        _ number: String, code: String = "bad_signature", isAuthenticated: Bool = false,
        after seconds: Int64 = 0
    ) -> NewRejection {
        let now = Shop.noon.adding(seconds: seconds)
        return NewRejection(
            OrderRejected(
                envelope: OrderRejected.envelope(at: now), orderNo: "T-\(number)",
                merchantNo: "M1", merchantOrderNo: number, code: code, detail: "d",
                httpStatus: 401, submissionID: .make(at: now)),
            isAuthenticated: isAuthenticated)
    }

    private func store(_ rejections: [NewRejection]) async throws {
        try await connection.transaction { transaction in
            try await InsertRejections.run(rejections, in: transaction)
        }
    }

    private func numbers() async throws -> [String] {
        try await connection.texts("select merchant_order_no from order_rejections order by 1")
    }

    @Test func whatAnybodyCanCauseReplacesTheOldestOfItsKind() async throws {
        try await store([
            rejection("own", code: "product_not_allowed", isAuthenticated: true),
            rejection("a"), rejection("b"),
        ])
        #expect(try await numbers() == ["a", "b", "own"])
        // As after a hundred thousand others: the slots of the first come again.
        try await connection.execute("select setval('order_rejections_slots', 99999)")
        try await store([rejection("c")])
        #expect(try await numbers() == ["b", "c", "own"])
        try await store([rejection("d"), rejection("e")])
        #expect(try await numbers() == ["c", "d", "e", "own"])
        let slots = try await connection.texts(
            "select slot::text from order_rejections where slot is not null order by slot")
        #expect(slots == ["0", "1", "2"])
    }

    @Test func aFloodTakesNoMoreThanTheSlots() async throws {
        try await connection.execute("select setval('order_rejections_slots', 99990)")
        for round in 0..<3 {
            try await store((0..<50).map { rejection("\(round)-\($0)") })
        }
        #expect(try await connection.number("select count(*) from order_rejections") == 150)
        #expect(
            try await connection.number(
                "select count(*) from order_rejections where slot not between 0 and 99999") == 0)
        // The same submission again, as after a replay, is stored once.
        let again = rejection("again")
        for _ in 0..<2 { try await store([again]) }
        #expect(try await numbers().filter { $0 == "again" }.count == 1)
    }

    @Test func theLastRejectionIsTheMerchantsOwnWhereThereIsOne() async throws {
        func last(_ number: String) async throws -> String? {
            try await connection.run(LastRejection(merchantNo: "M1", merchantOrderNo: number))
                .first?.code
        }
        #expect(try await last("a") == nil)
        try await store([rejection("a", code: "unknown_key", after: 1)])
        try await store([rejection("a", code: "bad_signature", after: 2)])
        #expect(try await last("a") == "bad_signature")
        try await store([rejection("a", code: "product_not_allowed", isAuthenticated: true)])
        try await store([rejection("a", code: "unknown_key", after: 3)])
        // Who forges a submission of the number doesn't change what its merchant reads.
        #expect(try await last("a") == "product_not_allowed")
        #expect(
            try await connection.run(LastRejection(merchantNo: "M2", merchantOrderNo: "a")).isEmpty)
    }

    @Test func onlyAReplayedRecordWithItsOwnValueIsOne() async throws {
        let value: [UInt8] = [1, 2, 3]
        func deadLetter(_ offset: Int64, _ topic: String = "orders.submitted") -> DeadLetter {
            DeadLetter(
                id: .make(at: Shop.noon), worker: "signature", originTopic: topic,
                originPartition: 0, originOffset: offset, key: nil, value: value, headers: [],
                reason: "r", error: "e", replayCount: 0)
        }
        let (replayed, open) = (deadLetter(0), deadLetter(1))
        let foreign = deadLetter(2, "callbacks.received")
        try await connection.run(AddDeadLetters([replayed, open, foreign], now: Shop.noon))
        _ = try await connection.run(
            TakeForReplay(
                [replayed.id, foreign.id], largest: 1 << 20, actor: "ops", now: Shop.noon))
        let claims = [replayed, open, foreign].map { (id: $0.id, value: value) }
        #expect(try await connection.run(ReplayedSubmissions(claims)) == [replayed.id])
        let changed = ReplayedSubmissions([(id: replayed.id, value: [1, 2, 4])])
        #expect(try await connection.run(changed).isEmpty)
    }
}
