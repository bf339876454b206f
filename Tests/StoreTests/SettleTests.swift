import Events
import Payments
import Postgres
import Store
import Testing

@Suite(.timeLimit(.minutes(2))) struct SettleTests {
    @Test func aSettlementIsWhatTheDomainSaysToTheFen() async throws {
        let shop = try await Shop.open()
        try await shop.sell("a", amount: 9_850)
        try await shop.sell("b", of: "M2", amount: 333)
        try await shop.refund("r", of: "a", amount: 850)
        let reconciled = try await shop.reconcile(
            "s",
            [
                Shop.trade(1, "a", amount: 9_850), Shop.trade(2, "b", amount: 333),
                Shop.refund(3, "r", of: "a", amount: 850),
            ])
        let made = try await shop.settle(reconciled)
        let kept = try FeeSplit.between(
            Money(fen: 850), Money(fen: 9_850), rates: Shop.chain(of: "M1").rates)
        let other = try Shop.chain(of: "M2").split(Money(fen: 333))
        #expect(made.map(\.merchantNo) == ["M1", "M2"])
        #expect(
            made.map(\.net) == [
                Money(fen: 9_000) - kept.merchantFee, Money(fen: 333) - other.merchantFee,
            ])
        // What the merchants get is on its way to them.
        #expect(try await shop.balance(.merchantPayable(partyNo: "M1")) == 0)
        #expect(
            try await shop.balance(.payoutInTransit) == -made.map(\.net.fen).reduce(0, +))
        for (level, agentNo) in ["A1", "A2"].enumerated() {
            let share = kept.shares[level + 1]
            #expect(try await shop.balance(.agentPayable(partyNo: agentNo)) == -share.fen)
        }
        #expect(
            try await shop.balance(.platformRevenue)
                == -(kept.platformShare + other.platformShare).fen)
        #expect(
            try await shop.balance(.channelReceivable)
                == 9_000 + 333 - (kept.channelFee + other.channelFee).fen)
        #expect(try await shop.audit() == [])
    }

    @Test func nothingIsSettledTwice() async throws {
        let shop = try await Shop.open()
        try await shop.sell("a")
        let first = try await shop.reconcile("s1", [Shop.trade(1, "a")])
        #expect(try await shop.settle(first).count == 1)
        #expect(try await shop.settle(first).isEmpty)
        try await shop.sell("b")
        let second = try await shop.reconcile("s2", [Shop.trade(1, "a"), Shop.trade(2, "b")])
        #expect(try await shop.settle(second).count == 1)
        #expect(
            try await shop.connection.texts(
                "select order_no || ' ' || settlement_id from settlement_items order by 1"
            ).count
                == 2)
        #expect(
            try await shop.connection.number("select sum(gross_fen)::bigint from settlements")
                == 20_000)
        #expect(try await shop.audit() == [])
    }

    @Test func aNegativeNetIsCarriedIntoTheNextSettlement() async throws {
        let shop = try await Shop.open()
        try await shop.sell("a")
        var day = Shop.day
        let first = try await shop.settle(try await shop.reconcile("s1", [Shop.trade(1, "a")]))
        #expect(first.map(\.net.fen) == [10_000 - 60])
        // Refunds of a paid-out order, with nothing sold to set them off against.
        var debt: Int64 = 0
        for number in 2...3 {
            day = day.next
            try await shop.refund("r\(number)", of: "a", amount: 3_000, at: day.start)
            let made = try await shop.settle(
                try await shop.reconcile(
                    "s\(number)", day: day,
                    [Shop.refund(1, "r\(number)", of: "a", amount: 3_000)]))
            debt -= 3_000 - 18
            #expect(made.map(\.net.fen) == [debt])
        }
        day = day.next
        try await shop.sell("b", at: day.start)
        let last = try await shop.settle(
            try await shop.reconcile("s4", day: day, [Shop.trade(1, "b")]))
        #expect(last.map(\.net.fen) == [10_000 - 60 + debt])
        #expect(
            try await shop.connection.number(
                "select count(*) from settlements where net_fen < 0 and carried_to is null") == 0)
        #expect(try await shop.connection.number("select count(*) from payouts") == 2)
        #expect(try await shop.balance(.merchantPayable(partyNo: "M1")) == 0)
        #expect(try await shop.audit() == [])
    }

    @Test func anOrderRefundedInFullTheSameDayKeepsTheLedgerBalanced() async throws {
        let shop = try await Shop.open()
        try await shop.sell("a")
        try await shop.refund("r", of: "a", amount: 10_000)
        let made = try await shop.settle(
            try await shop.reconcile(
                "s", [Shop.trade(1, "a"), Shop.refund(2, "r", of: "a", amount: 10_000)]))
        #expect(made.map(\.net) == [.zero])
        #expect(try await shop.audit() == [])
    }

    @Test func anUnbalancedJournalIsRefused() async throws {
        let shop = try await Shop.open()
        let sql = """
            insert into accounts
            values ('bank', 'bank'), ('payout_in_transit', 'payout_in_transit');
            insert into journals (kind, reference, posted_at) values ('settlement', 'x', now());
            insert into journal_entries select journal_id, 'bank', 5 from journals
            """
        let error = await #expect(throws: PostgresError.self) {
            try await shop.connection.transaction { try await $0.executeScript(sql) }
        }
        #expect(error?.description.contains("does not balance") == true)
        #expect(try await shop.connection.number("select count(*) from journals") == 0)
        // Within the transaction the order of entries is free.
        try await shop.connection.transaction {
            try await $0.executeScript(
                sql + "; insert into journal_entries "
                    + "select journal_id, 'payout_in_transit', -5 from journals")
        }
    }

    @Test func aJournalIsPostedOnceForItsReference() async throws {
        let shop = try await Shop.open()
        let journal = PostJournal(
            try Journal(
                .payoutSucceeded, reference: "p",
                [.init(.payoutInTransit, Money(fen: 5)), .init(.bank, Money(fen: -5))]),
            now: Shop.noon)
        #expect(try await shop.connection.run(journal).count == 2)
        #expect(try await shop.connection.run(journal).isEmpty)
        #expect(try await shop.balance(.bank) == -5)
    }

    @Test func anyDaysAddUp() async throws {
        var random = SeededRandom()
        let shop = try await Shop.open()
        var day = Shop.day
        var sold: [(no: String, merchant: String, amount: Int64, left: Int64)] = []
        var gross: Int64 = 0
        for number in 1...6 {
            var lines: [StatementLine] = []
            for index in 0..<random.int(0...8) {
                let merchant = ["M1", "M2", "M3"].randomElement(using: &random) ?? "M1"
                let amount = random.int(1...20_000)
                let no = "\(number)-\(index)"
                try await shop.sell(no, of: merchant, amount: amount, at: day.start)
                lines.append(try Shop.trade(lines.count + 1, no, amount: amount))
                sold.append((no, merchant, amount, amount))
                gross += amount
            }
            for index in sold.indices where sold[index].left > 0 && random.int(1...3) == 1 {
                let amount = random.int(1...sold[index].left)
                let refundNo = "r\(number)-\(sold[index].no)"
                try await shop.refund(
                    refundNo, of: sold[index].no, amount: amount, at: day.start)
                let fee = try await shop.connection.number(
                    "select channel_fee_fen from refunds where refund_no = '\(refundNo)'")
                lines.append(
                    try Shop.refund(
                        lines.count + 1, refundNo, of: sold[index].no, amount: amount, fee: fee))
                sold[index].left -= amount
                gross -= amount
            }
            let reconciled = try await shop.reconcile("s\(number)", day: day, lines)
            #expect(reconciled.matched == lines.count, random.note)
            try await shop.settle(reconciled)
            day = day.next
        }
        let kept = try sold.reduce(into: Int64(0)) { sum, sale in
            let chain = try Shop.chain(of: sale.merchant)
            sum += try chain.split(Money(fen: sale.amount)).merchantFee.fen
            sum -= try chain.split(Money(fen: sale.amount - sale.left)).merchantFee.fen
        }
        let settled = try await shop.connection.number(
            "select coalesce(sum(gross_fen - refunded_fen - merchant_fee_fen), 0)::bigint "
                + "from settlements")
        #expect(settled == gross - kept, random.note)
        #expect(
            try await shop.connection.number(
                "select count(*) from orders where settlement_id is null")
                == 0, random.note)
        #expect(try await shop.audit() == [], random.note)
    }
}
