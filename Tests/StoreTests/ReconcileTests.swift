import Events
import Payments
import Postgres
import Store
import Testing

@Suite(.timeLimit(.minutes(2))) struct ReconcileTests {
    @Test func everyKindOfDifferenceOfTradesIsFoundOnce() async throws {
        let shop = try await Shop.open()
        for orderNo in ["ok", "ours", "amount", "fee", "twice"] { try await shop.sell(orderNo) }
        try await shop.order("unpaid")
        let completed = try await shop.reconcile(
            "s1",
            [
                Shop.trade(1, "ok"), Shop.trade(2, "stranger"), Shop.trade(3, "unpaid"),
                Shop.trade(4, "amount", amount: 9_999), Shop.trade(5, "fee", fee: 37),
                Shop.trade(6, "twice"), Shop.trade(7, "twice"),
            ])
        #expect(
            try await shop.differences() == [
                "platform_only ours open", "channel_only stranger open",
                "channel_only unpaid open", "amount_mismatch amount open",
                "fee_mismatch fee open", "duplicate twice open",
            ])
        #expect(completed.matched == 2)
        #expect(completed.platformOnly == 1)
        #expect(completed.channelOnly == 2)
        #expect(completed.amountMismatch == 1)
        #expect(completed.feeMismatch == 1)
        #expect(completed.duplicate == 1)
        // An order whose fee alone differs is matched: the merchant is paid.
        #expect(try await shop.matched() == ["ok", "fee", "twice"])
    }

    @Test func everyKindOfDifferenceOfRefundsIsFoundOnce() async throws {
        let shop = try await Shop.open()
        try await shop.sell("o", amount: 100_000)
        for refundNo in ["ok", "ours", "amount", "fee", "twice"] {
            try await shop.refund(refundNo, of: "o", amount: 10_000)
        }
        let requested = try await shop.connection.run(
            RequestRefund(
                refundNo: "requested", orderNo: "o", merchantNo: "M1",
                merchantRefundNo: "m-requested",
                amount: Money(fen: 10_000), reason: "", now: Shop.noon))
        #expect(requested.count == 1)
        let completed = try await shop.reconcile(
            "s1",
            [
                Shop.trade(1, "o", amount: 100_000),
                Shop.refund(2, "ok", of: "o", amount: 10_000),
                Shop.refund(3, "stranger", of: "o", amount: 10_000),
                Shop.refund(4, "requested", of: "o", amount: 10_000),
                Shop.refund(5, "amount", of: "o", amount: 9_000),
                Shop.refund(6, "fee", of: "o", amount: 10_000, fee: 1),
                Shop.refund(7, "twice", of: "o", amount: 10_000),
                Shop.refund(8, "twice", of: "o", amount: 10_000),
            ])
        #expect(
            try await shop.differences() == [
                "platform_only ours open", "channel_only stranger open",
                "status_mismatch requested open", "amount_mismatch amount open",
                "fee_mismatch fee open", "duplicate twice open",
            ])
        #expect(completed.matched == 3)
        #expect(completed.statusMismatch == 1)
        #expect(try await shop.matched() == ["o", "ok", "fee", "twice"])
    }

    /// A bill of another account, or of another channel, that names our orders' numbers.
    @Test(arguments: ["seller_id = 'another'", "channel = 'another'"])
    func aLineOfAnotherAccountMatchesNothing(change: String) async throws {
        let shop = try await Shop.open()
        for orderNo in ["a", "late"] { try await shop.order(orderNo) }
        try await shop.pay("a")
        try await shop.refund("r", of: "a", amount: 500)
        try await shop.connection.execute("update orders set \(change)")
        let completed = try await shop.reconcile(
            "s",
            [
                Shop.trade(1, "a"), Shop.refund(2, "r", of: "a", amount: 500),
                Shop.trade(3, "late"),
            ])
        #expect(completed.matched == 0 && completed.channelOnly == 3)
        // Also when an inquiry finds the order paid later.
        try await shop.connection.execute(
            "update orders set seller_id = 'seller', channel = 'alipay' where order_no = 'late'")
        try await shop.pay("late")
        try await shop.connection.execute("update orders set \(change)")
        try await shop.reconcile("t", day: Shop.day.next, [])
        #expect(try await shop.matched() == [])
    }

    @Test func anAccountIsOursIfAnOrderIsOfItOrThereIsNone() async throws {
        let shop = try await Shop.open()
        func isOurs(_ channel: String, _ account: String) async throws -> Bool? {
            try await shop.connection.run(
                IsAccountOfOrders(channel: channel, account: account)
            ).first
        }
        #expect(try await isOurs("alipay", "stranger") == true)
        try await shop.order("a")
        #expect(try await isOurs("alipay", "seller0156") == true)
        #expect(try await isOurs("alipay", "stranger") == false)
        #expect(try await isOurs("wechat", "seller") == false)
    }

    @Test func ofRepeatedLinesTheFirstCounts() async throws {
        let shop = try await Shop.open()
        for orderNo in ["a", "b"] { try await shop.sell(orderNo) }
        try await shop.refund("r", of: "b", amount: 500)
        let completed = try await shop.reconcile(
            "s1",
            [
                Shop.trade(1, "a", amount: 1), Shop.trade(2, "a"),
                Shop.trade(3, "b"), Shop.trade(4, "b", fee: 1),
                Shop.refund(5, "r", of: "b", amount: 499),
                Shop.refund(6, "r", of: "b", amount: 500),
            ])
        #expect(
            try await shop.differences() == [
                "amount_mismatch a open", "duplicate a open", "duplicate b open",
                "amount_mismatch r open", "duplicate r open",
            ])
        #expect(try await shop.matched() == ["b"])
        #expect(completed.matched == 1)
    }

    @Test func whatTheDayCutSeparatesIsCarriedAndMatchedTheNextDay() async throws {
        let shop = try await Shop.open()
        let late = Timestamp(microseconds: Shop.day.end.microseconds - 1)
        try await shop.sell("late", at: late)
        try await shop.refund("r-late", of: "late", amount: 100, at: late)
        // The first instant of the next day isn't this day's.
        try await shop.sell("next", at: Shop.day.end)
        let first = try await shop.reconcile("s1", [])
        #expect(first.platformOnly == 2)
        #expect(
            try await shop.differences() == [
                "platform_only late open", "platform_only r-late open",
            ])
        let tomorrow = Shop.day.next
        let second = try await shop.reconcile(
            "s2", day: tomorrow,
            [
                Shop.trade(1, "late"), Shop.trade(2, "next"),
                Shop.refund(3, "r-late", of: "late", amount: 100),
            ])
        #expect(second.matched == 3)
        #expect(second.platformOnly == 0)
        #expect(
            try await shop.differences() == [
                "platform_only late resolved", "platform_only r-late resolved",
            ])
        #expect(try await shop.differences(of: tomorrow) == [])
        // The same line once more, a day later.
        let third = try await shop.reconcile("s3", day: tomorrow.next, [Shop.trade(1, "late")])
        #expect(third.matched == 0)
        #expect(try await shop.differences(of: tomorrow.next) == ["duplicate late open"])
    }

    @Test func whatOnlyTheChannelHasIsInquiredAndRepaired() async throws {
        let shop = try await Shop.open()
        try await shop.order("unpaid")
        let now = Shop.noon.adding(seconds: 7_200)
        try await shop.reconcile("s1", at: now, [Shop.trade(1, "unpaid")])
        let claimed = try await shop.connection.run(ClaimInquiries(limit: 10, now: now))
        #expect(claimed.map(\.orderNo) == ["unpaid"])
        try await shop.pay("unpaid")
        try await shop.reconcile("s2", day: Shop.day.next, [])
        #expect(try await shop.differences() == ["channel_only unpaid resolved"])
        #expect(try await shop.matched() == ["unpaid"])
        #expect(
            try await shop.connection.texts("select matched_day::text from orders")
                == [Shop.day.description])
    }

    /// The channel has a refund that failed here, or isn't known to have succeeded yet.
    @Test(arguments: ["requested", "failed"])
    func aRefundThatIsProvenAfterItsDayWasComparedIsMatchedAndSettled(status: String) async throws {
        let shop = try await Shop.open()
        try await shop.sell("a")
        try await shop.connection.execute(
            """
            insert into refunds (refund_no, order_no, merchant_no, merchant_refund_no, amount_fen,
                reason, origin, status, failure, requested_at)
            select 'r', order_no, merchant_no, 'MR', 1000, '', 'merchant', '\(status)',
                case when '\(status)' = 'failed' then 'REFUSED' end, now() from orders
            """)
        let first = try await shop.reconcile(
            "s1", [Shop.trade(1, "a"), Shop.refund(2, "r", of: "a", amount: 1_000, fee: 4)])
        #expect(first.statusMismatch == 1)
        #expect(try await shop.settle(first).map(\.net.fen) == [10_000 - 60])
        // It is queried, and found.
        #expect(
            try await shop.connection.texts("select refund_no from refund_reports") == ["r"])
        try await shop.refund("r", of: "a", amount: 1_000)
        let next = try await shop.reconcile("s2", day: Shop.day.next, [])
        #expect(try await shop.differences() == ["status_mismatch r resolved"])
        #expect(try await shop.settle(next).map(\.net.fen) == [-(1_000 - 6)])
        #expect(try await shop.audit() == [])
    }

    @Test func aDifferenceThatStaysOpenIsEscalated() async throws {
        let shop = try await Shop.open()
        try await shop.reconcile("s0", [Shop.trade(1, "stranger")])
        var day = Shop.day
        for number in 1...2 {
            day = day.next
            try await shop.reconcile("s\(number)", day: day, [])
            #expect(try await shop.differences() == ["channel_only stranger open"])
        }
        try await shop.reconcile("s3", day: day.next, [])
        #expect(try await shop.differences() == ["channel_only stranger escalated"])
    }

    @Test func aSecondVersionOfADayAddsWhatTheFirstLacked() async throws {
        let shop = try await Shop.open()
        for orderNo in ["a", "b"] { try await shop.sell(orderNo) }
        let first = try await shop.reconcile("v1", [Shop.trade(1, "a")])
        #expect(first.platformOnly == 1)
        let second = try await shop.reconcile("v2", [Shop.trade(1, "a"), Shop.trade(2, "b")])
        #expect(second.duplicate == 0)
        #expect(second.platformOnly == 0)
        #expect(try await shop.matched() == ["a", "b"])
        #expect(try await shop.differences() == ["platform_only b resolved"])
        // Settled once, whichever version matched it.
        #expect(try await shop.settle(first).count == 1)
        #expect(try await shop.settle(second).isEmpty)
    }

    @Test func whatASecondVersionLacksIsNotMatchedAnyMore() async throws {
        let shop = try await Shop.open()
        for orderNo in ["settled", "waiting", "kept"] { try await shop.sell(orderNo) }
        let first = try await shop.reconcile(
            "v1", [Shop.trade(1, "settled"), Shop.trade(2, "stranger")])
        #expect(try await shop.settle(first).count == 1)
        try await shop.reconcile("v2", [Shop.trade(1, "settled"), Shop.trade(2, "waiting")])
        let third = try await shop.reconcile("v3", [Shop.trade(1, "kept")])
        #expect(third.matched == 1)
        #expect(third.platformOnly == 2)
        // What is settled stays matched; that the new version lacks it is a difference.
        #expect(try await shop.matched() == ["settled", "kept"])
        let open = try await shop.connection.texts(
            "select order_no from differences where status = 'open' order by 1")
        #expect(open == ["settled", "waiting"])
        #expect(
            try await shop.connection.texts(
                "select resolution from differences where order_no = 'stranger'")
                == ["superseded by v2"])
    }

    @Test func anotherAccountsOrdersAreNotMissed() async throws {
        let shop = try await Shop.open()
        try await shop.sell("ours")
        try await shop.sell("theirs")
        try await shop.connection.execute(
            "update orders set seller_id = 'another' where order_no = 'theirs'")
        let completed = try await shop.reconcile("s", [])
        #expect(completed.platformOnly == 1)
        #expect(try await shop.differences() == ["platform_only ours open"])
    }

    @Test func nothingIsCompleteBeforeEveryLineIsThere() async throws {
        let shop = try await Shop.open()
        let lines = [try Shop.trade(1, "a"), try Shop.trade(2, "b", amount: 7)]
        let closed = Shop.closing("s", Shop.day, lines)
        let connection = shop.connection
        let insert = InsertStatement(closed, sha256: [1], now: Shop.noon)
        #expect(try await connection.run(insert) == ["s"])
        #expect(try await connection.run(insert) == [])
        let complete = CompleteStatement(statementID: "s", now: Shop.noon)
        #expect(try await connection.run(complete).isEmpty)
        let first = InsertStatementLines(statementIDs: ["s"], lines: [lines[0]])
        try await connection.run(first)
        try await connection.run(first)
        #expect(try await connection.run(complete).isEmpty)
        // The right number of lines, the wrong sum.
        try await connection.run(
            InsertStatementLines(statementIDs: ["s"], lines: [Shop.trade(2, "b", amount: 8)]))
        #expect(try await connection.run(complete).isEmpty)
        try await connection.execute("delete from statement_lines where line_no = 2")
        try await connection.run(InsertStatementLines(statementIDs: ["s"], lines: [lines[1]]))
        #expect(try await connection.run(complete).map(\.day) == [Shop.day])
        #expect(try await connection.run(complete).isEmpty)
    }
}
