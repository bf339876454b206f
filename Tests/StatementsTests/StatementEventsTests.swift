import Events
import Payments
import Store
import Testing

@testable import Statements

@Suite struct StatementEventsTests {
    private static let day = BusinessDay("2026-11-20") ?? .containing(Timestamp(microseconds: 0))
    private static let now = day.end.adding(seconds: 36_000)

    private func events(_ statement: Statement, file: [UInt8] = [1]) throws -> StatementEvents {
        try StatementEvents(of: statement, fileBytes: file, channel: "test", now: Self.now)
    }

    private func events(lines: Int, file: [UInt8] = [1]) throws -> StatementEvents {
        try events(TestStatements.statement(of: Self.day, lines: lines), file: file)
    }

    @Test(arguments: [(0, []), (1, [1]), (500, [500]), (501, [500, 1]), (1_203, [500, 500, 203])])
    func everyLineIsInOneEventInOrder(count: Int, sizes: [Int]) throws {
        let events = try events(lines: count)
        #expect(events.lines.map(\.lines.count) == sizes)
        #expect(events.lines.flatMap { $0.lines.map(\.lineNo) } == Array(1..<(count + 1)))
        #expect(events.lines.map(\.firstLineNo) == sizes.indices.map { $0 * 500 + 1 })
        #expect(events.closed.linesEvents == sizes.count)
        #expect(events.closed.lineCount == count)
        #expect(events.closed.tradeTotalFen == Money(fen: Int64(count) * 100))
    }

    @Test func longLinesAreSplitSoThatEachEventFitsItsTopic() throws {
        let subject = String(repeating: "\u{1}", count: 1_000)
        let events = try events(
            TestStatements.statement(of: Self.day, lines: 500, subject: subject))
        #expect(events.lines.count > 1)
        #expect(events.lines.flatMap { $0.lines.map(\.lineNo) } == Array(1...500))
        #expect(events.closed.linesEvents == events.lines.count)
        for event in try events.outgoing() { #expect(event.byteCount < 1 << 20) }
    }

    @Test func theSameBytesAreTheSameStatementAndOtherBytesAnotherVersion() throws {
        let first = try events(lines: 1, file: [1])
        #expect(first.closed.statementID == "test-20261120-4bf5122f")
        #expect(try events(lines: 1, file: [1]).closed.statementID == first.closed.statementID)
        #expect(try events(lines: 1, file: [2]).closed.statementID != first.closed.statementID)
        #expect(first.lines.allSatisfy { $0.statementID == first.closed.statementID })
    }

    @Test func aFooterThatDiffersFromTheLinesIsRefused() {
        let statement = TestStatements.statement(
            of: Self.day, lines: 2, footerTotal: Money(fen: 201))
        #expect(throws: StatementError.self) { try events(statement) }
    }

    @Test func theClosingEventIsTheLast() throws {
        let outgoing = try events(lines: 501).outgoing()
        #expect(
            outgoing.map(\.topic)
                == ["statements.lines", "statements.lines", "statements.closed"])
    }

    @Test func aFlagIsSetOnceAndStaysSet() {
        let flag = Flag()
        #expect(!flag.isSet)
        flag.set()
        flag.set()
        #expect(flag.isSet)
    }
}
