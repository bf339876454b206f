import Payments
import Sandbox
import Simulator
import Store
import Testing

@testable import tally

/// What a reader sees fits a terminal of 100 columns and carries no escape code.
@Suite struct PageTests {
    private let day = BusinessDay("2026-11-20")
    private let parties = SampleParties.make(seed: 1)

    @Test func theStackPageNamesEveryPartyAndFits() {
        let page = StackPage(
            gateway: "http://127.0.0.1:40001", console: "http://127.0.0.1:40005",
            simulator: "http://127.0.0.1:40002", database: "127.0.0.1:40003",
            brokers: "127.0.0.1:40004", folder: ".tally", parties: parties,
            users: .make(agentNo: "A1001", merchantNo: "M2001"),
            suggestions: [.init(command: ".tally/tally lag", purpose: "every worker's lag")])
        expectFits(page.lines)
        let text = page.lines.joined(separator: "\n")
        for party in parties.agents + parties.merchants {
            #expect(text.contains(party.partyNo))
            for key in party.keys { #expect(text.contains("\(key.signType) v\(key.keyVersion)")) }
            for key in party.keys {
                if let secret = key.secret { #expect(!text.contains(secret)) }
            }
        }
        #expect(text.contains("A1001 > A1002"))
        #expect(text.contains("super-admin"))
        #expect(text.contains("  .tally/tally lag"))
    }

    @Test func theStatusLineFitsWithHundredsOfThousandsOfOrders() {
        let counts = LiveCounts.Row(
            orders: 123_456, paid: 110_000, inProgress: 234, deliveries: 234_567,
            acknowledged: 234_560, deadLetters: 12)
        let line = StatusLine.text(StackStatus(counts: counts, lag: 10))
        expectFits([line])
        #expect(line.hasPrefix("orders 123,456  paid 110,000  in progress 234  "))
        #expect(line.hasSuffix("deliveries 234,560/234,567  dead letters 12  lag 10"))
        #expect(StatusLine.text(StackStatus(counts: counts, lag: nil)).hasSuffix("lag unknown"))
    }

    @Test func theProgressOfADayFits() throws {
        let progress = DayProgress(
            now: try #require(day).start.adding(seconds: 52_500), share: 0.39,
            counts: LiveCounts.Row(
                orders: 48_700, rejected: 1_200, paid: 40_100, callbacks: 51_200,
                deliveries: 123_000, acknowledged: 120_400, deadLetters: 900),
            faults: FaultCase.allCases.map { ($0, 1_234) })
        let block = DayProgressPage.block(progress, columns: 99)
        expectFits(block)
        #expect(block[0].hasPrefix("2026-11-20 14:35  [####"))
        #expect(block[0].hasSuffix("39 %"))
        let text = block.joined(separator: "\n")
        for fault in FaultCase.allCases { #expect(text.contains(fault.rawValue)) }
        let line = DayProgressPage.line(progress)
        #expect(line.hasPrefix("2026-11-20 14:35  orders 48,700  rejected 1,200  paid 40,100  "))
        #expect(!line.contains("\u{1B}"))
    }

    @Test func theSummaryShowsEachPartysMoneyAndEachFaultsEnd() {
        func row(
            _ kind: String, _ paid: Int64, _ refunded: Int64, _ no: String = "", _ name: String = ""
        ) -> DayMoney.Row {
            DayMoney.Row(
                kind: kind, partyNo: no, name: name, paid: Money(fen: paid),
                refunded: Money(fen: refunded))
        }
        let summary = DaySummary(
            money: [
                row("gross", 1_000_000, 50_000), row("merchant_fee", 6_000, 300),
                row("channel_fee", 3_800, 190), row("platform_share", 1_000, 50),
                row("agent_share", 1_200, 60, "A1001", "华东渠道"),
            ],
            payouts: DayPayouts.Row(
                settlements: 8, net: Money(fen: 944_300), paidOut: 7,
                paidOutAmount: Money(fen: 900_000), unpaid: 1),
            outcomes: [
                .init(
                    fault: FaultCase.callbackWrong.rawValue, count: 3,
                    ends: ["2 paid", "1 partially refunded"])
            ],
            deadLetters: [
                .init(subject: "dead_letter", kind: "order_unknown", status: "replayed", count: 2)
            ], differences: [])
        let lines = DaySummaryPage(summary: summary).lines
        expectFits(lines)
        let text = lines.joined(separator: "\n")
        #expect(text.contains("gross                   10,000.00  -500.00  9,500.00"))
        #expect(text.contains("  agent A1001 华东渠道      12.00    -0.60     11.40"))
        #expect(text.contains("net of the merchants     9,940.00  -497.00  9,443.00"))
        #expect(text.contains("not paid out   1 payouts"))
        let words = text.replacing(/\ +/, with: " ")
        #expect(words.contains("\ncallback of wrong amount or seller 3 2 paid\n"))
        #expect(words.contains("\norder_unknown 2 replayed\n"))
        #expect(words.contains("\nnone 0 -\n"))
    }

    @Test(arguments: FaultCase.allCases)
    func theLongestEndOfEachFaultFits(fault: FaultCase) {
        let order = OrderOutcomes.Row(
            merchantOrderNo: "1", status: "partially_refunded", isLate: true, paidBy: "inquiry",
            rejection: "merchant_order_no_used")
        let summary = DaySummary(
            money: [], payouts: DayPayouts.Row(),
            outcomes: [
                .init(
                    fault: fault.rawValue, count: 123_456,
                    ends: ["123456 \(order.state(after: fault))"])
            ], deadLetters: [], differences: [])
        expectFits(DaySummaryPage(summary: summary).lines)
    }

    private func expectFits(_ lines: [String]) {
        for line in lines {
            #expect(line.displayWidth <= 100, "\(line.displayWidth) columns: \(line)")
            #expect(!line.contains("\u{1B}"))
        }
    }
}
