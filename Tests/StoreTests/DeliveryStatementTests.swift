import Events
import Payments
import Postgres
import Testing

@testable import Store

@Suite(.timeLimit(.minutes(3))) struct DeliveryStatementTests {
    private let shop: Shop
    private var connection: PostgresConnection { shop.connection }

    init() async throws {
        shop = try await Shop.open()
        try await shop.order("a")
        try await shop.order("b", of: "M2")
    }

    private func new(
        _ orderNo: String, _ partyNo: String, event: String = "order.paid", refundNo: String = ""
    ) -> InsertDeliveries.New {
        .init(
            id: .make(at: Shop.noon), eventID: .make(at: Shop.noon), orderNo: orderNo,
            partyNo: partyNo, eventType: event, refundNo: refundNo, url: "http://x/",
            receiver: partyNo)
    }

    private func claim(
        limit: Int = 64, _ rooms: [String: Int] = [:], inFlight: [String: Int] = [:],
        roomOfOthers: Int = 4, roomBeyond: Int = 100
    ) async throws -> [ClaimDeliveries.Row] {
        let rooms = Dictionary(
            uniqueKeysWithValues: Set(rooms.keys).union(inFlight.keys).map { partyNo in
                let more = rooms[partyNo, default: roomOfOthers]
                return (
                    partyNo,
                    ClaimDeliveries.Room(
                        first: min(more, 4), beyond: max(0, more - 4),
                        inFlight: inFlight[partyNo, default: 0])
                )
            })
        return try await connection.run(
            ClaimDeliveries(
                limit: limit, rooms: rooms, roomOfOthers: roomOfOthers, roomBeyond: roomBeyond,
                now: Shop.noon))
    }

    private func complete(
        _ row: ClaimDeliveries.Row, attempt: Int32? = nil, _ outcome: CompleteDeliveries.Outcome
    ) async throws -> Int {
        try await connection.runCount(
            CompleteDeliveries([
                .init(
                    id: row.id, attempt: attempt ?? row.attempt, outcome: outcome,
                    httpStatus: 200, error: nil, milliseconds: 5, endedAt: Shop.noon)
            ]))
    }

    /// Deliveries of one party, a second apart, the last one due now.
    private func backlog(_ count: Int, of partyNo: String) async throws {
        try await connection.execute(
            """
            insert into deliveries (delivery_id, event_id, order_no, party_no, event_type,
                refund_no, url, receiver, created_at, next_attempt_at)
            select gen_random_uuid(), gen_random_uuid(), 'a', '\(partyNo)', 'order.paid', n::text,
                'u', 'r', now(), timestamptz '\(Shop.noon)' - n * interval '1 second'
            from generate_series(0, \(count - 1)) as n
            """)
    }

    // MARK: Claims

    @Test func oneReceiversBacklogDoesNotFillAClaim() async throws {
        try await backlog(1_000, of: "A1")
        let others = [new("a", "M1"), new("b", "M2"), new("a", "A2")]
        _ = try await connection.run(InsertDeliveries(others, now: Shop.noon))
        let claimed = try await claim()
        #expect(claimed.filter { $0.partyNo == "A1" }.count == 4)
        #expect(Set(claimed.map(\.partyNo)) == ["A1", "A2", "M1", "M2"])
        #expect(claimed.count == 7)
    }

    @Test func aPartyHasTheRoomThatItIsGivenAndNoneWhileItIsPaused() async throws {
        try await backlog(100, of: "A1")
        try await backlog(100, of: "A2")
        #expect(try await claim(["A1": 0, "A2": 20]).map(\.partyNo).count { $0 == "A2" } == 20)
        #expect(try await claim(["A1": 0, "A2": 0]).isEmpty)
        #expect(try await claim(limit: 6, ["A1": 50, "A2": 50]).count == 6)
    }

    @Test func thePartyWithTheFewestInFlightIsClaimedFirst() async throws {
        try await backlog(100, of: "A1")
        try await backlog(100, of: "A2")
        _ = try await connection.run(InsertDeliveries([new("a", "M1")], now: Shop.noon))
        // Both backlogs have waited longer than M1's only one.
        let claimed = try await claim(
            limit: 1, ["A1": 20, "A2": 20], inFlight: ["A1": 44, "A2": 44])
        #expect(claimed.map(\.partyNo) == ["M1"])
    }

    @Test func manyLargeWindowsTogetherTakeNoMoreThanTheirPart() async throws {
        for partyNo in ["A1", "A2", "M2"] { try await backlog(100, of: partyNo) }
        let claimed = try await claim(
            limit: 256, ["A1": 64, "A2": 64, "M2": 64], roomBeyond: 90)
        #expect(claimed.count == 3 * 4 + 90)
        let next = try await claim(limit: 256, ["A1": 64], roomBeyond: 0)
        #expect(next.count { $0.partyNo == "A1" } == 4)
    }

    @Test func leasedDeliveriesOfOnePartyHideNobodyElses() async throws {
        try await backlog(4, of: "A1")
        #expect(try await claim(limit: 4).count == 4)
        _ = try await connection.run(InsertDeliveries([new("a", "M1")], now: Shop.noon))
        // A1's have waited longest, and are all leased by another process.
        #expect(try await claim(limit: 1).map(\.partyNo) == ["M1"])
    }

    @Test func theOldestOfAPartyIsClaimedFirst() async throws {
        try await backlog(10, of: "A1")
        let due = try await claim(["A1": 3]).map(\.id)
        let oldest = try await connection.execute(
            "select delivery_id from deliveries order by next_attempt_at limit 3"
        ).map { EventID(try $0.uuid(0)) }
        #expect(due == oldest)
    }

    /// With a million rows it is the same: see docs/scale.md.
    @Test func aPausedReceiversBacklogCostsAClaimNothing() async throws {
        try await backlog(100_000, of: "A1")
        _ = try await connection.run(InsertDeliveries([new("a", "M1")], now: Shop.noon))
        try await connection.execute("analyze deliveries")
        var bindings = PostgresBindings()
        ClaimDeliveries(
            limit: 64, rooms: ["A1": .init(first: 0, beyond: 0, inFlight: 0)],
            roomOfOthers: 4, roomBeyond: 100, now: Shop.noon
        )
        .bind(&bindings)
        let plan = try await connection.execute(
            "explain (analyze, buffers, timing off) " + ClaimDeliveries.sql, bindings
        ).map { try $0.text(0) }
        // Every node counts its own and its children's blocks: the first line is the whole.
        let line = try #require(plan.first { $0.contains("Buffers: shared hit=") })
        let blocks = line.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
        #expect((blocks.first ?? .max) < 200, "\(plan.joined(separator: "\n"))")
        #expect(!plan.contains { $0.contains("Seq Scan on deliveries") })
    }

    // MARK: What is sent

    @Test func aClaimHasTheOrderAsItIsThen() async throws {
        try await shop.pay("b")
        _ = try await connection.run(InsertDeliveries([new("b", "M2")], now: Shop.noon))
        let first = try #require(try await claim().first)
        #expect(first.order.status == .paid)
        #expect(first.order.version == 2)
        #expect(first.order.refunded.fen == 0)
        #expect(first.order.paidAt == Shop.noon)
        #expect(first.refund == nil)
        #expect(try await complete(first, .again(at: Shop.noon)) == 1)
        try await connection.execute(
            """
            update orders set status = 'partially_refunded', refunded_fen = 4000, version = 3
            where order_no = 'b'
            """)
        let second = try #require(try await claim().first)
        #expect(second.attempt == 2)
        #expect(second.eventID == first.eventID)
        #expect(second.eventType == "order.paid")
        #expect(second.order.status == .partiallyRefunded)
        #expect(second.order.version == 3)
        #expect(second.order.refunded.fen == 4_000)
    }

    @Test func aRefundsDeliveryHasTheRefund() async throws {
        try await shop.pay("b")
        try await connection.execute(
            """
            insert into refunds (refund_no, order_no, merchant_no, merchant_refund_no, amount_fen,
                origin, status, requested_at)
            values ('R1', 'b', 'M2', 'SHOP-R1', 4000, 'merchant', 'succeeded', now())
            """)
        let new = new("b", "M2", event: "order.refunded", refundNo: "R1")
        _ = try await connection.run(InsertDeliveries([new], now: Shop.noon))
        let refund = try #require(try await claim().first?.refund)
        #expect(refund.refundNo == "R1")
        #expect(refund.merchantRefundNo == "SHOP-R1")
        #expect(refund.amount.fen == 4_000)
    }

    @Test func aDeliveryStoredByTheBuildBeforeKeepsItsEvent() async throws {
        let id = EventID.make(at: Shop.noon)
        try await connection.execute(
            """
            insert into deliveries (delivery_id, order_no, party_no, event_type, url, receiver,
                payload, created_at, next_attempt_at)
            values (gen_random_uuid(), 'a', 'M1', 'order.paid', 'u', 'r',
                '{"event_id":"\(id)"}', now(), now() - interval '100 years')
            """)
        #expect(try await claim().map(\.eventID) == [id.description])
    }

    // MARK: Completion

    @Test func aDeliveryIsMadeOnceAndCompletesUnderItsOwnAttempt() async throws {
        let both = InsertDeliveries([new("a", "A1"), new("a", "M1")], now: Shop.noon)
        #expect(try await connection.runCount(both) == 2)
        #expect(
            try await connection.runCount(InsertDeliveries([new("a", "M1")], now: Shop.noon)) == 0)
        let first = try await claim(["A1": 0])
        #expect(first.map(\.partyNo) == ["M1"])
        #expect(try await claim().map(\.partyNo) == ["A1"])
        #expect(try await claim().isEmpty)
        let mine = try #require(first.first)
        #expect(try await complete(mine, attempt: 2, .acknowledged) == 0)
        #expect(try await complete(mine, .again(at: Shop.noon)) == 1)
        #expect(try await claim().map(\.attempt) == [2])
        #expect(try await complete(mine, .exhausted) == 0)
        #expect(try await complete(mine, attempt: 2, .acknowledged) == 1)
        #expect(try await complete(mine, attempt: 2, .exhausted) == 0)
        let stored = try await connection.run(DeliveriesOfOrder("a"))
        #expect(stored.map(\.status).sorted() == ["acknowledged", "pending"])
    }

    @Test func aReturnedDeliveryUsesUpNoAttempt() async throws {
        _ = try await connection.run(InsertDeliveries([new("a", "M1")], now: Shop.noon))
        let row = try #require(try await claim().first)
        #expect(
            try await connection.runCount(ReturnDelivery(id: row.id, attempt: row.attempt)) == 1)
        #expect(
            try await connection.runCount(ReturnDelivery(id: row.id, attempt: row.attempt)) == 0)
        // It can't be claimed within the second; then under the same number.
        #expect(try await claim().isEmpty)
        try await connection.execute("update deliveries set lease_until = null")
        #expect(try await claim().map(\.attempt) == [1])
    }

    // MARK: Operators

    @Test func aResendHasTheWholeScheduleBeforeItAndIsInTheAuditLog() async throws {
        _ = try await connection.run(
            InsertDeliveries([new("a", "M1"), new("a", "A1")], now: Shop.noon))
        let claimed = try await claim()
        let mine = try #require(claimed.first { $0.partyNo == "M1" })
        let inFlight = try #require(claimed.first { $0.partyNo == "A1" })
        #expect(try await complete(mine, .exhausted) == 1)
        let statement = ResendDeliveries(
            [mine.id, inFlight.id], actor: "cli:ops", because: "their outage", now: Shop.noon)
        #expect(try await connection.run(statement) == [mine.id])
        let again = try #require(try await claim().first)
        #expect(again.id == mine.id)
        #expect(again.attempt == 2)
        #expect(again.resentAfter == 1)
        let trail = try await connection.run(AuditTrail(subject: mine.id.description))
        #expect(trail.map(\.action) == ["delivery.resend"])
        #expect(trail.map(\.actor) == ["cli:ops"])
        #expect(trail.map(\.detail) == ["their outage"])
        #expect(
            try await connection.run(AuditTrail(subject: inFlight.id.description)).isEmpty)
    }

    @Test func aPageIsWhatTheFilterSaysNewestFirst() async throws {
        let times = (0..<5).map { Shop.noon.adding(seconds: Int64($0) * 60) }
        var ids: [EventID] = []
        for (number, time) in times.enumerated() {
            let one = InsertDeliveries.New(
                id: .make(at: time), eventID: .make(at: time), orderNo: "a",
                partyNo: number == 2 ? "A1" : "M1", eventType: "order.paid",
                refundNo: "\(number)", url: "http://x/", receiver: "r")
            _ = try await connection.run(InsertDeliveries([one], now: time))
            ids.append(one.id)
        }
        func page(
            _ filter: DeliveryFilter, before: EventID? = nil, limit: Int = 10
        ) async throws -> [EventID] {
            try await connection.transaction { transaction in
                try await DeliveryPage(filter, before: before, limit: limit).run(in: transaction)
            }.map(\.id)
        }
        #expect(try await page(DeliveryFilter()) == ids.reversed())
        #expect(try await page(DeliveryFilter(), limit: 2) == [ids[4], ids[3]])
        #expect(try await page(DeliveryFilter(), before: ids[3]) == [ids[2], ids[1], ids[0]])
        #expect(try await page(.init(partyNo: "A1")) == [ids[2]])
        #expect(try await page(.init(orderNo: "a", partyNo: "M1"), limit: 1) == [ids[4]])
        #expect(try await page(.init(orderNo: "b")) == [])
        #expect(try await page(.init(status: .exhausted)) == [])
        #expect(
            try await page(.init(since: times[1], until: times[3])) == [ids[2], ids[1]])
        let exhausted = try #require(try await claim(["M1": 1, "A1": 0]).first)
        #expect(try await complete(exhausted, .exhausted) == 1)
        #expect(try await page(.init(status: .exhausted)) == [exhausted.id])
    }
}
