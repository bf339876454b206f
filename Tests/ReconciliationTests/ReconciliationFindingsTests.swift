import Events
import Payments
import Testing

@testable import Reconciliation
@testable import Store

@Suite struct ReconciliationFindingsTests {
    private static let now = Timestamp(microseconds: 1_795_147_200_000_000)
    private static let statement = CompleteStatement.Row(
        statementID: "alipay-1", channel: "alipay", day: .containing(now))

    @Test func everyKindOfDifferenceIsCountedUnderItsOwnName() {
        let findings = ReconciliationFindings(
            lineDifferences: [
                "channel_only", "amount_mismatch", "amount_mismatch", "status_mismatch",
                "fee_mismatch", "fee_mismatch", "fee_mismatch", "duplicate",
            ], lineMatches: [], platformOnly: 4)
        let event = findings.completed(Self.statement, at: Self.now)
        #expect(event.channelOnly == 1)
        #expect(event.amountMismatch == 2)
        #expect(event.statusMismatch == 1)
        #expect(event.feeMismatch == 3)
        #expect(event.duplicate == 1)
        #expect(event.platformOnly == 4)
        #expect(event.matched == 0)
    }

    @Test func onlyLinesThatAgreeCountAsMatched() {
        let findings = ReconciliationFindings(
            lineDifferences: [], lineMatches: [true, false, true], platformOnly: 0)
        #expect(findings.completed(Self.statement, at: Self.now).matched == 2)
    }

    @Test func theEventNamesItsStatementAndDay() {
        let findings = ReconciliationFindings(
            lineDifferences: [], lineMatches: [], platformOnly: 0)
        let event = findings.completed(Self.statement, at: Self.now)
        #expect(event.reconciliationID == "R-alipay-1")
        #expect(event.statementID == "alipay-1")
        #expect(event.channel == "alipay")
        #expect(event.date == Self.statement.day)
        #expect(event.envelope.occurredAt == Self.now)
    }
}
