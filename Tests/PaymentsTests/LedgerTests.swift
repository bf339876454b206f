import Payments
import Testing

@Suite struct LedgerTests {
    private func entry(_ account: String, _ fen: Int64) -> JournalEntry {
        JournalEntry(account: account, amount: Money(fen: fen))
    }

    @Test func aJournalBalances() throws {
        let entries = [entry("merchant", -59), entry("channel", 25), entry("platform", 34)]
        #expect(try Journal(entries).entries == entries)
        #expect(throws: JournalError.unbalanced(by: Money(fen: 1))) {
            try Journal([entry("a", 2), entry("b", -1)])
        }
        #expect(throws: JournalError.tooFewEntries(0)) { try Journal([]) }
        #expect(throws: JournalError.tooFewEntries(1)) { try Journal(entries: [entry("a", 1)]) }
        #expect(throws: JournalError.zeroEntry(account: "b")) {
            try Journal([entry("a", 1), entry("b", 0), entry("c", -1)])
        }
        #expect(throws: JournalError.outOfRange(account: "b")) {
            try Journal([entry("a", .max), entry("b", 1), entry("c", .min)])
        }
        #expect(JournalError.zeroEntry(account: "fees").description.contains("fees"))
    }

    @Test func deliveriesEndAndInquiriesDoNot() {
        let waits: [Int64] = [0, 15, 60, 240, 600, 600, 3_600, 7_200, 21_600, 54_000]
        for (made, seconds) in waits.enumerated() {
            #expect(RetrySchedule.delivery.next(afterAttempt: made) == .seconds(seconds))
        }
        #expect(RetrySchedule.delivery.next(afterAttempt: 10) == nil)
        #expect(RetrySchedule.delivery.next(afterAttempt: .max) == nil)
        let asks: [Int64] = [30, 60, 120, 300, 600, 1_800, 3_600, 3_600]
        for (made, seconds) in asks.enumerated() {
            #expect(RetrySchedule.inquiry.next(afterAttempt: made) == .seconds(seconds))
        }
        #expect(RetrySchedule.inquiry.next(afterAttempt: .max) == .seconds(3_600))
        #expect(RetrySchedule.inquiry.next(afterAttempt: -1) == .seconds(30))
    }

    @Test func theWordsOfTablesAndEvents() {
        #expect(Product.allCases.map(\.rawValue) == ["PC", "WAP", "APP"])
        #expect(SignType.allCases.map(\.rawValue) == ["MD5", "HMAC-SHA256", "RSA2"])
        #expect(
            OrderStatus.allCases.map(\.rawValue) == [
                "accepted", "paying", "paid", "partially_refunded", "refunded", "closed",
            ])
        #expect(
            DifferenceKind.allCases.map(\.rawValue) == [
                "platform_only", "channel_only", "amount_mismatch", "status_mismatch",
                "fee_mismatch", "duplicate",
            ])
        #expect(OrderStatus.allCases.filter(\.isPaid) == [.paid, .partiallyRefunded, .refunded])
    }
}
