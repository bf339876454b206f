import Foundation
import Payments
import Postgres
import Reports
import Sentences
import Store
import Testing

/// Reports of a day that the workers' own code has reconciled and settled.
@Suite(.timeLimit(.minutes(2))) struct ReportTests {
    private static let days = ReportDays(from: Shop.day, to: Shop.day)

    /// Two merchants' orders, a refund, and one of each: only here, only there, another amount.
    private static func shop() async throws -> Shop {
        let shop = try await Shop.open()
        try await shop.sell("a", amount: 9_850)
        try await shop.sell("b", of: "M2", amount: 333)
        try await shop.sell("here", amount: 70)
        try await shop.sell("odd", amount: 500)
        try await shop.refund("r", of: "a", amount: 850)
        let reconciled = try await shop.reconcile(
            "s",
            [
                Shop.trade(1, "a", amount: 9_850), Shop.trade(2, "b", amount: 333),
                Shop.refund(3, "r", of: "a", amount: 850), Shop.trade(4, "there", amount: 40),
                Shop.trade(5, "odd", amount: 501),
            ])
        try await shop.settle(reconciled)
        return shop
    }

    @Test func everyDifferenceIsARowWithBothAmounts() async throws {
        let rows = try await Self.csv(.reconciliation, try await Self.shop())
        let shown = rows.dropFirst().map { [$0[2], $0[4], $0[6], $0[8], $0[9], $0[10], $0[13]] }
        #expect(
            Array(shown) == [
                ["amount mismatch", "odd", "M1", "5.00", "5.01", "-0.01", "open"],
                ["channel only", "there", "", "", "0.40", "-0.40", "open"],
                ["platform only", "here", "M1", "0.70", "", "0.70", "open"],
            ])
    }

    @Test func theStatementsTableSaysWhatIsUnexplained() async throws {
        let rows = try await Self.csv(.reconciliation, try await Self.shop(), table: "statements")
        #expect(rows.count == 2)
        #expect(
            Array(rows[1].suffix(9)) == ["4", "107.24", "1", "8.50", "3", "3", "3", "0.70", "0.41"])
    }

    @Test func aSettlementIsTheSumOfItsItems() async throws {
        let shop = try await Self.shop()
        let settlements = try await Self.csv(.settlement, shop)
        let items = try await Self.csv(.settlement, shop, table: "items")
        #expect(settlements.dropFirst().map { $0[2] } == ["M1", "M2"])
        #expect(items.dropFirst().map { $0[3] + $0[5] } == ["a", "ar", "b"])
        for settlement in settlements.dropFirst() {
            let own = items.dropFirst().filter { $0[1] == settlement[1] }
            #expect(try Self.sum(own.map { $0[10] }) == settlement[13], "\(settlement[2])")
            #expect(
                try Self.sum([settlement[9], settlement[10], settlement[11]]) == settlement[8])
        }
    }

    @Test func aMerchantSeesItsOwnAndNobodysEarnings() async throws {
        let shop = try await Self.shop()
        let rows = try await Self.csv(.settlement, shop, merchantNo: "M2")
        #expect(rows.count == 2)
        #expect(rows[1][2] == "M2")
        #expect(!rows[0].contains { $0.contains("platform") || $0.contains("agents") })
        let items = try await Self.csv(.settlement, shop, table: "items", merchantNo: "M2")
        #expect(items.dropFirst().map { $0[3] } == ["b"])
    }

    @Test func anAgentsSharesAreThoseOfTheLedger() async throws {
        let shop = try await Self.shop()
        for agentNo in ["A1", "A2"] {
            let shares = try await Self.csv(.profitShare, shop, agentNo: agentNo)
            let items = try await Self.csv(.profitShare, shop, table: "items", agentNo: agentNo)
            let owed = try await shop.balance(.agentPayable(partyNo: agentNo))
            #expect(try Self.sum(shares.dropFirst().map { $0[7] }) == Money(fen: -owed).yuan)
            #expect(try Self.sum(items.dropFirst().map { $0[8] }) == Money(fen: -owed).yuan)
        }
        let rates = try await Self.csv(.profitShare, shop, table: "items", agentNo: "A2")
        #expect(rates[1][6...7] == ["0.5000 %", "0.6000 %"])
    }

    @Test func theTrialBalanceBalances() async throws {
        let rows = try await Self.csv(.trialBalance, try await Self.shop())
        let (debits, credits) = (rows.dropFirst().map { $0[5] }, rows.dropFirst().map { $0[6] })
        #expect(rows.count > 5)
        #expect(try Self.sum(debits) == Self.sum(credits))
        #expect(try Self.sum(debits) != "0.00")
    }

    @Test func turnoverAndFeesCountUnsettledOrdersToo() async throws {
        let shop = try await Self.shop()
        let turnover = try await Self.csv(.daily, shop)
        #expect(turnover.count == 2)
        #expect(turnover[1][1...6] == ["PC", "4", "107.53", "1", "8.50", "99.03"])
        #expect(try Self.sum(Array(turnover[1][8...10])) == turnover[1][7])
        let fees = try await Self.csv(.fees, shop)
        #expect(fees.dropFirst().map { $0[3] } == ["payment", "refund"])
        #expect(fees[1][8] == "0.00", "the unknown line's fee rounds to nothing")
    }

    @Test(arguments: 1...4) func pagesHoldEveryRowOnceAndInOrder(pageSize: Int) async throws {
        let shop = try await Self.shop()
        let items = ReportSettlementItems(days: try #require(Self.days), merchantNo: nil)
        let paged = try await shop.connection.transaction { transaction in
            var pages: [[String]] = []
            try await transaction.stream(items, pageSize: pageSize) { rows in
                pages.append(rows.map { $0.orderNo + $0.refundNo })
            }
            // A second one in the same transaction.
            var count = 0
            try await transaction.stream(items, pageSize: pageSize) { count += $0.count }
            #expect(count == 3)
            return pages
        }
        #expect(Array(paged.joined()) == ["a", "ar", "b"])
        #expect(paged.allSatisfy { $0.count <= pageSize })
    }

    @Test func everyItemOfASettlementIsExplainedToItsStoredFee() async throws {
        let shop = try await Self.shop()
        let rows = try await shop.connection.run(FeesOfOrders(["b", "a", "here", "there"]))
        #expect(rows.map { $0.orderNo + $0.refundNo } == ["a", "ar", "b", "here"])
        for row in rows where row.settlementID != nil {
            let fee = try #require(FeeArithmetic(language: .en).lines(of: row).first).amount
            #expect(row.storedFee == (row.refundNo.isEmpty ? fee : -fee), "\(row.orderNo)")
        }
        #expect(rows.last?.storedFee == nil && rows.last?.settlementID == nil)
    }

    @Test func aPartyThatThereIsNotIsRefused() async throws {
        let shop = try await Shop.open()
        let request = try ReportRequest(
            .settlement, days: #require(Self.days), merchantNo: "A1", language: .en)
        await #expect(throws: ReportRequest.Refusal.unknown("A1", kind: "merchant")) {
            try await shop.connection.transaction { try await request.report(in: $0) }
        }
    }

    /// The fields of a report's CSV file; none of these holds a comma.
    private static func csv(
        _ kind: ReportKind, _ shop: Shop, table: String? = nil, merchantNo: String? = nil,
        agentNo: String? = nil
    ) async throws -> [[String]] {
        let request = try ReportRequest(
            kind, days: #require(days), merchantNo: merchantNo, agentNo: agentNo, language: .en)
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("report-\(UUID().uuidString)").path
        defer { unlink(path) }
        let written = try await shop.connection.transaction(at: .repeatableRead) { transaction in
            let report = try await request.report(in: transaction)
            return try await ReportFile(report, as: .csv, table: table)
                .write(to: path, in: transaction)
        }
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\r\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        }
        #expect(written.rows == lines.count - 1)
        #expect(lines.allSatisfy { $0.count == lines[0].count })
        return lines
    }

    private static func sum(_ amounts: [String]) throws -> String {
        try amounts.reduce(Money.zero) { $0 + (try Money(yuan: $1)) }.yuan
    }
}
