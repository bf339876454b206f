import Events
import Payments
import Postgres
import Store
import Testing

@Suite(.timeLimit(.minutes(2))) struct OrderStatementTests {
    private let shop: Shop
    private var connection: PostgresConnection { shop.connection }

    init() async throws { shop = try await Shop.open() }

    @Test func anOrderIsStoredOnce() async throws {
        let orders = try (0..<3).map { try Shop.newOrder("o\($0)", amount: Int64($0) + 100) }
        let insert = InsertOrders(orders)
        #expect(try await connection.run(insert).sorted() == ["o0", "o1", "o2"])
        #expect(try await connection.run(insert) == [])
        // Another order number for a merchant's number that is used.
        let second = try Shop.newOrder("x", merchantOrderNo: "o1")
        let fresh = try Shop.newOrder("o3")
        let mixed = InsertOrders([second, fresh])
        #expect(try await connection.run(mixed) == ["o3"])
        #expect(try await connection.number("select count(*) from orders") == 4)
        #expect(try await connection.number("select count(*) from order_history") == 4)
        let known = try await connection.run(
            ExistingOrders(merchantNos: ["M1", "M1", "M2"], merchantOrderNos: ["o1", "no", "o2"]))
        #expect(known.map(\.orderNo) == ["o1"])
        #expect(known.first?.contentDigest == [1, 2, 3])
    }

    @Test func twoOfTheSameNumberInOneBatchAreOneOrder() async throws {
        let twice = [
            try Shop.newOrder("a", merchantOrderNo: "m"),
            try Shop.newOrder("b", merchantOrderNo: "m"),
        ]
        let stored = try await connection.run(InsertOrders(twice))
        #expect(stored == ["a"])
    }

    // The first is the one that is accepted and published: its event is the one to be kept.
    @Test func ofTheSameOrderTwiceInOneBatchTheFirstEventIsKept() async throws {
        for number in 0..<20 {
            let (order, again) = (
                try Shop.newOrder("twice-\(number)"), try Shop.newOrder("twice-\(number)")
            )
            let others = try (0..<number).map { try Shop.newOrder("other-\(number)-\($0)") }
            _ = try await connection.run(InsertOrders([order] + others + [again]))
            let kept = try await connection.execute(
                "select event_id from order_history where order_no = 'twice-\(number)'")
            #expect(kept.count == 1)
            #expect(try kept[0].uuid(0) == order.eventID.uuid)
        }
    }

    @Test func aUsedNumberStopsAllOfABatchAndNotTheTransaction() async throws {
        let used = try Shop.newOrder("used")
        let stored = try await connection.transaction { transaction in
            let first = try await CopyNewOrders([used]).run(in: transaction)
            let second = try await CopyNewOrders([Shop.newOrder("fresh"), used])
                .run(in: transaction)
            return (first, second, try await transaction.run(InsertOrders([used])))
        }
        #expect(stored == (true, false, []))
        #expect(try await connection.number("select count(*) from orders") == 1)
    }

    @Test func ofABatchTheOrdersWithUsedNumbersAreFound() async throws {
        _ = try await connection.run(
            InsertOrders([
                Shop.newOrder("a", merchantOrderNo: "m-a"), Shop.newOrder("b", of: "M2"),
            ]))
        let used = try await connection.run(
            UsedNumbers([
                Shop.newOrder("new"), Shop.newOrder("a", merchantOrderNo: "m-other"),
                Shop.newOrder("again", merchantOrderNo: "m-a"),
                // Another merchant's number is not its own.
                Shop.newOrder("fresh", merchantOrderNo: "b"),
            ]))
        #expect(used.sorted() == ["a", "again"])
    }

    @Test func aCopiedOrderIsStoredAsAnInsertedOneIs() async throws {
        let order = try Shop.newOrder("copied")
        let row = "select to_jsonb(o) #>> '{}' from orders o"
        _ = try await connection.run(InsertOrders([order]))
        let inserted = try await connection.execute(row)[0].text(0)
        try await connection.execute("delete from orders")
        let isStored = try await connection.transaction { transaction in
            try await CopyNewOrders([order]).run(in: transaction)
        }
        #expect(isStored)
        #expect(try await connection.execute(row)[0].text(0) == inserted)
    }

    @Test func aLockedOrderIsWhatWasStored() async throws {
        try await shop.sell("a", amount: 9_850)
        try await shop.refund("r1", of: "a", amount: 50)
        try await shop.refund("r2", of: "a", amount: 800)
        let order = try #require(
            try await connection.run(LockOrders(["a", "nothing"])).first)
        let chain = try Shop.chain(of: "M1")
        #expect(order.chainPartyNos == ["P", "A1", "A2", "M1"])
        #expect(order.chainRates == chain.rates)
        #expect(order.state.amount.fen == 9_850)
        #expect(order.state.status == .partiallyRefunded)
        #expect(order.state.refunded.fen == 850)
        #expect(order.state.refunds == ["r1": Money(fen: 50), "r2": Money(fen: 800)])
        #expect(order.state.paidAt == Shop.noon)
        #expect(order.version == 4)
        #expect(order.expected.sellerID == "seller")
        // The order isn't in progress any more: no inquiry is scheduled.
        #expect(
            try await connection.number(
                "select count(*) from orders where next_inquiry_at is not null") == 0)
    }

    @Test func refundsNeverExceedTheOrder() async throws {
        try await shop.sell("a", amount: 1_000)
        func request(_ refundNo: String, _ merchantRefundNo: String, _ amount: Int64) async throws
            -> Int
        {
            try await connection.run(
                RequestRefund(
                    refundNo: refundNo, orderNo: "a", merchantNo: "M1",
                    merchantRefundNo: merchantRefundNo, amount: Money(fen: amount), reason: "",
                    now: Shop.noon)
            ).count
        }
        #expect(try await request("r1", "m1", 600) == 1)
        #expect(try await request("r2", "m1", 100) == 0)
        #expect(try await request("r3", "m3", 401) == 0)
        #expect(try await request("r4", "m4", 400) == 1)
        // A failed refund frees its amount.
        let claimed = try await connection.run(ClaimRefunds(limit: 10, now: Shop.noon))
        #expect(claimed.map(\.refundNo) == ["r1"])
        #expect(
            try await connection.runCount(
                CompleteRefundAttempt(
                    refundNo: "r1", orderNo: "a", attempt: 1, answer: "NO", nextAt: nil,
                    failure: "no", now: Shop.noon)) == 1)
        #expect(try await request("r5", "m5", 600) == 1)
        // The next refund is claimed only when the one before it has ended.
        let next = try await connection.run(ClaimRefunds(limit: 10, now: Shop.noon))
        #expect(next.map(\.refundNo) == ["r4"])
    }

    @Test func anInquiryIsLeasedOnceAndCompletesUnderItsOwnAttempt() async throws {
        try await shop.order("a")
        let due = Shop.noon.adding(seconds: 30)
        #expect(try await connection.run(ClaimInquiries(limit: 5, now: Shop.noon)).isEmpty)
        #expect(try await connection.run(ClaimInquiries(limit: 5, now: due)).count == 1)
        #expect(try await connection.run(ClaimInquiries(limit: 5, now: due)).isEmpty)
        // The lease expires; another claim takes the row.
        try await connection.execute(
            "update orders set inquiry_lease_until = now() - interval '1 s'")
        let again = try await connection.run(ClaimInquiries(limit: 5, now: due))
        #expect(again.map(\.attempt) == [2])
        func complete(_ attempt: Int32) async throws -> Int {
            try await connection.runCount(
                CompleteInquiry(
                    orderNo: "a", attempt: attempt, method: "query", answer: "WAIT",
                    nextAt: due.adding(seconds: 60), closeWasRequested: false, now: due))
        }
        #expect(try await complete(1) == 0)
        #expect(try await complete(2) == 1)
        #expect(
            try await connection.run(ClaimInquiries(limit: 5, now: due.adding(seconds: 60))).count
                == 1)
    }

    @Test func aCloseRequestedDuringAnInquiryIsDueAtOnce() async throws {
        try await shop.order("a")
        let due = Shop.noon.adding(seconds: 30)
        #expect(
            try await connection.run(ClaimInquiries(limit: 5, now: due)).map(\.closeRequested)
                == [false])
        #expect(try await connection.runCount(RequestClose(orderNo: "a", now: due)) == 1)
        func complete(_ attempt: Int32, closeWasRequested: Bool) async throws {
            _ = try await connection.run(
                CompleteInquiry(
                    orderNo: "a", attempt: attempt, method: "query", answer: "WAIT",
                    nextAt: due.adding(seconds: 60), closeWasRequested: closeWasRequested,
                    now: due))
        }
        try await complete(1, closeWasRequested: false)
        let again = try await connection.run(ClaimInquiries(limit: 5, now: due))
        #expect(again.map(\.closeRequested) == [true])
        // The claim knew of the close: by the schedule, also where the request is repeated.
        try await complete(2, closeWasRequested: true)
        for _ in 0..<3 {
            #expect(try await connection.runCount(RequestClose(orderNo: "a", now: due)) == 1)
        }
        #expect(try await connection.run(ClaimInquiries(limit: 5, now: due)).isEmpty)
    }
}
