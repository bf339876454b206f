import Events
import Payments
import Testing

@testable import Settlement
@testable import Store

/// What a payout's end stores: state, journal and event agree with each other.
@Suite struct PayoutCompletionTests {
    private static let now = Timestamp(microseconds: 1_795_147_200_000_000)
    private static let amount = Money(fen: 12_000)

    private func completion(
        _ outcome: PayoutOutcome, attempt: Int32 = 4
    ) throws -> PayoutCompletion {
        PayoutCompletion(
            try Job.payout(attempt: attempt), outcome, outcome == .succeeded ? "BK1" : nil,
            outcome == .failed ? "card_closed" : nil, at: Self.now)
    }

    @Test func aRequestedPayoutMovesWhatIsOwedIntoTransit() throws {
        let journal = try PayoutJournal.requested("P1", "M1", Self.amount)
        #expect(journal.kind == .payoutRequested)
        #expect(journal.reference == "P1")
        #expect(
            journal.entries == [
                .init(.merchantPayable(partyNo: "M1"), Self.amount),
                .init(.payoutInTransit, -Self.amount),
            ])
    }

    @Test func aSucceededPayoutMovesFromTransitToTheBank() throws {
        let journal = try completion(.succeeded).journal().journal
        #expect(journal.kind == .payoutSucceeded)
        #expect(
            journal.entries == [
                .init(.payoutInTransit, Self.amount), .init(.bank, -Self.amount),
            ])
    }

    @Test func aFailedPayoutReturnsFromTransitToWhatTheMerchantIsOwed() throws {
        let journal = try completion(.failed).journal().journal
        #expect(journal.kind == .payoutFailed)
        #expect(journal.reference == "P1")
        #expect(
            journal.entries == [
                .init(.payoutInTransit, Self.amount),
                .init(.merchantPayable(partyNo: "M1"), -Self.amount),
            ])
    }

    @Test func aRequestAndItsFailureLeaveEveryAccountAsItWas() throws {
        var balances: [Account: Int64] = [:]
        for journal in [
            try PayoutJournal.requested("P1", "M1", Self.amount),
            try completion(.failed).journal().journal,
        ] {
            for entry in journal.entries { balances[entry.account, default: 0] += entry.amount.fen }
        }
        #expect(balances.values.allSatisfy { $0 == 0 })
    }

    @Test func theStateIsStoredUnderTheLeasesAttempt() throws {
        let update = try completion(.failed, attempt: 4).update
        #expect(update.payoutNo == "P1")
        #expect(update.attempt == 4)
        #expect(update.outcome == .failed)
        #expect(update.reason == "card_closed")
    }

    @Test func theEventReportsTheOutcomeThatIsStored() throws {
        let succeeded = try completion(.succeeded).event()
        #expect(succeeded.status == .succeeded)
        #expect(succeeded.bankRef == "BK1")
        #expect(succeeded.amountFen == Self.amount)
        let failed = try completion(.failed).event()
        #expect(failed.status == .failed)
        #expect(failed.reason == "card_closed")
        #expect(failed.bankRef == nil)
        #expect(failed.completedAt.timestamp == Self.now)
    }
}
