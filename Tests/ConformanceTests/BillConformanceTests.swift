import Channels
import Events
import Payments
import Testing

@testable import Statements
@testable import Store

@Suite struct BillConformanceTests {
    /// The bill of a day with two payments and a refund, at ten o'clock of the next morning.
    private func bill(
        _ subject: Subject
    ) async throws -> (any ChannelUnderTest, day: BusinessDay, file: [UInt8]) {
        let test = try await subject.start()
        let day = BusinessDay.containing(test.clock.now())
        _ = try await test.paid("T1")
        _ = try await test.paid("T2")
        _ = try await test.refund("T1", "R1", 3_000)
        #expect(try await test.channel.bill(day: day, now: test.clock.now()) == .notYet)
        test.clock.move(to: day.end.adding(seconds: 10 * 3_600))
        let download = try await test.channel.bill(day: day, now: test.clock.now())
        guard case .file(let file) = download else {
            Issue.record("\(download)")
            return (test, day, [])
        }
        return (test, day, file)
    }

    @Test(arguments: Subject.allCases)
    func theBillOfADayIsAStatementWhoseLinesSumUp(subject: Subject) async throws {
        let (test, day, file) = try await bill(subject)
        let statement = try test.channel.statement(in: file, of: day)
        try statement.validate()
        #expect(statement.account == test.channel.account.billAccount)
        #expect(statement.day == day)
        #expect(statement.footer.tradeCount == 2)
        #expect(statement.footer.tradeTotal == Money(fen: 20_000))
        #expect(statement.footer.refundCount == 1)
        #expect(statement.footer.refundTotal == Money(fen: 3_000))
        #expect(Set(statement.lines.map(\.orderNo)) == ["T1", "T2"])
        #expect(statement.lines.first { $0.kind == .refund }?.refundNo == "R1")
    }

    @Test(arguments: Subject.allCases)
    func aBillOfAnotherDayOrCutShortIsRefused(subject: Subject) async throws {
        let (test, day, file) = try await bill(subject)
        #expect(throws: BillError.wrongDay(expected: day.next, seen: day)) {
            try test.channel.statement(in: file, of: day.next)
        }
        for length in [0, 10, file.count / 2, file.count - 10] {
            #expect(throws: BillError.self) {
                try test.channel.statement(in: Array(file.prefix(length)), of: day)
            }
        }
    }

    @Test(arguments: Subject.allCases)
    func aDayWithoutPaymentsHasAnEmptyBill(subject: Subject) async throws {
        let test = try await subject.start()
        let day = BusinessDay.containing(test.clock.now())
        test.clock.move(to: day.end.adding(seconds: 10 * 3_600))
        #expect(try await test.channel.bill(day: day, now: test.clock.now()) == .empty)
    }

    @Test(arguments: Subject.allCases)
    func aDownloadedBillBecomesTheStatementsEvents(subject: Subject) async throws {
        let (test, day, file) = try await bill(subject)
        let job = ClaimStatementFetch.Row(day: day, attempt: 1, hasPaidOrders: true)
        let decision = try StatementFetchPlan.decision(
            on: .file(file), of: job, reader: test.channel, now: test.clock.now())
        guard case .store(let statement, let bytes) = decision else {
            Issue.record("\(decision)")
            return
        }
        let events = try StatementEvents(
            of: statement, fileBytes: bytes, channel: test.channel.name, now: test.clock.now())
        #expect(events.closed.channel == test.channel.name)
        #expect(events.closed.lineCount == 3)
        #expect(events.closed.tradeTotalFen == Money(fen: 20_000))
    }
}
