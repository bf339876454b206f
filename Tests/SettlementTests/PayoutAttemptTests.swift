import Channels
import Events
import Payments
import Store
import Testing

@testable import Settlement

/// Which calls an attempt makes, and what it decides: the bank is a double, there is no database.
@Suite struct PayoutAttemptTests {
    private static let order = PayoutOrder(
        payoutNo: "P1", amount: Money(fen: 12_000), payeeName: "张三",
        payeeCardNo: "6222020000000000", purpose: "settlement")
    private static let lost = ChannelError.unknownOutcome(reason: "HTTP 500")

    private func run(
        _ bank: BankDouble, attempt: Int32, hasCard: Bool = true
    ) async throws -> PayoutDecision {
        let job = try Job.payout(attempt: attempt, hasCard: hasCard)
        return try await PayoutAttempt(bank: bank, sealer: try Job.sealer()).run(job)
    }

    @Test func theFirstAttemptPaysWithoutAQuery() async throws {
        let bank = BankDouble(pay: .success(.succeeded(bankRef: "BK1", at: nil)))
        #expect(
            try await run(bank, attempt: 1)
                == .complete(.succeeded, bankRef: "BK1", reason: nil))
        #expect(bank.calls == [.pay(Self.order)])
    }

    @Test func aPayoutWhoseReplyWasLostIsQueriedAndNotPaidAgain() async throws {
        let bank = BankDouble(query: .success(.succeeded(bankRef: "BK1", at: nil)))
        #expect(
            try await run(bank, attempt: 2)
                == .complete(.succeeded, bankRef: "BK1", reason: nil))
        #expect(bank.calls == [.query("P1")])
    }

    @Test func aPayoutThatTheBankNeverReceivedIsPaidUnderTheSameNumberAfterTheQuery() async throws {
        let bank = BankDouble(
            pay: .success(.accepted(bankRef: "BK1")), query: .success(.notFound))
        guard case .postpone(isTaken: true, "BK1", _) = try await run(bank, attempt: 3) else {
            Issue.record("a payout that the bank has taken is final or unknown")
            return
        }
        #expect(bank.calls == [.query("P1"), .pay(Self.order)])
    }

    @Test func aQueryWithoutAReplyPaysNothing() async throws {
        let bank = BankDouble(query: .failure(Self.lost))
        guard case .postpone(isTaken: false, nil, _) = try await run(bank, attempt: 2) else {
            Issue.record("an unknown outcome is final")
            return
        }
        #expect(bank.calls == [.query("P1")])
    }

    @Test func aPayoutStillProcessingIsNotPaidAgain() async throws {
        let bank = BankDouble(query: .success(.accepted(bankRef: "BK1")))
        guard case .postpone(isTaken: true, "BK1", _) = try await run(bank, attempt: 7) else {
            Issue.record("a payout being processed is final or unknown")
            return
        }
        #expect(bank.calls == [.query("P1")])
    }

    @Test func aPayoutWithoutACardFailsWithoutACallToPay() async throws {
        let bank = BankDouble(query: .success(.notFound))
        guard case .complete(.failed, nil, _) = try await run(bank, attempt: 1, hasCard: false)
        else {
            Issue.record("a payout without a card isn't failed")
            return
        }
        #expect(bank.calls == [])
        guard case .complete(.failed, nil, _) = try await run(bank, attempt: 2, hasCard: false)
        else {
            Issue.record("a later payout without a card isn't failed")
            return
        }
        // The money may have moved before the card was removed.
        #expect(bank.calls == [.query("P1")])
    }

    @Test func aWrongMasterKeyDecidesNothingAndPaysNothing() async throws {
        let bank = BankDouble(query: .success(.notFound))
        let other = try Sealer(masterKey: "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
        for attempt: Int32 in [1, 2] {
            let job = try Job.payout(attempt: attempt)
            await #expect(throws: SealerError.self) {
                try await PayoutAttempt(bank: bank, sealer: other).run(job)
            }
        }
        #expect(bank.calls == [.query("P1")])
    }
}
