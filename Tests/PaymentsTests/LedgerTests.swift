import Payments
import Testing

@Suite struct LedgerTests {
    private func journal(
        _ entries: [(Account, Int64)]
    ) throws(JournalError) -> Journal {
        try Journal(
            .settlement, reference: "S1", entries.map { .init($0.0, Money(fen: $0.1)) })
    }

    @Test func aJournalBalances() throws {
        let payable = Account.merchantPayable(partyNo: "M1")
        let balanced = try journal([
            (payable, -59), (.channelReceivable, 25), (.platformRevenue, 34),
        ])
        #expect(balanced.entries.map(\.amount.fen) == [-59, 25, 34])
        #expect(throws: JournalError.unbalanced(by: Money(fen: 1))) {
            try journal([(.bank, 2), (payable, -1)])
        }
        #expect(throws: JournalError.tooFewEntries(0)) { try journal([]) }
        #expect(throws: JournalError.tooFewEntries(1)) { try journal([(.bank, 1)]) }
        #expect(throws: JournalError.zeroEntry(payable)) {
            try journal([(.bank, 1), (payable, 0), (.payoutInTransit, -1)])
        }
        #expect(throws: JournalError.repeatedAccount(.bank)) {
            try journal([(.bank, 1), (.bank, -1)])
        }
        #expect(throws: JournalError.outOfRange(payable)) {
            try journal([(.bank, .max), (payable, 1), (.payoutInTransit, .min)])
        }
        #expect(JournalError.zeroEntry(payable).description.contains("merchant_payable:M1"))
    }

    @Test func anAccountIsItsKindAndItsParty() {
        for kind in AccountKind.allCases {
            let isPayable = kind == .merchantPayable || kind == .agentPayable
            let account = Account(kind, partyNo: isPayable ? "X1" : nil)
            #expect(account?.kind == kind)
            #expect(account?.partyNo == (isPayable ? "X1" : nil))
            #expect(account?.name == (isPayable ? "\(kind.rawValue):X1" : kind.rawValue))
            #expect(Account(kind, partyNo: isPayable ? nil : "X1") == nil)
        }
    }

    @Test func deliveriesEndAndInquiriesDoNot() {
        let waits: [Int64] = [0, 15, 60, 240, 600, 600, 3_600, 7_200, 21_600, 54_000]
        for (made, seconds) in waits.enumerated() {
            #expect(RetrySchedule.delivery.next(afterAttempt: made) == .seconds(seconds))
        }
        #expect(RetrySchedule.delivery.next(afterAttempt: 10) == nil)
        #expect(RetrySchedule.delivery.next(afterAttempt: .max) == nil)
        let inquiries: [Int64] = [30, 60, 120, 300, 600, 1_800, 3_600, 3_600]
        for (made, seconds) in inquiries.enumerated() {
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
        #expect(
            AccountKind.allCases.map(\.rawValue) == [
                "channel_receivable", "merchant_payable", "agent_payable", "platform_revenue",
                "payout_in_transit", "reconciliation_difference", "bank",
            ])
        #expect(
            JournalKind.allCases.map(\.rawValue) == [
                "settlement", "payout_requested", "payout_succeeded", "payout_failed",
                "difference_resolved", "difference_reversed",
            ])
        #expect(OrderStatus.allCases.filter(\.isPaid) == [.paid, .partiallyRefunded, .refunded])
    }
}
