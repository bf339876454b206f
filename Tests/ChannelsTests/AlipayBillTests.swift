import Foundation
import Payments
import Testing

@testable import Alipay
@testable import Channels

@Suite("Alipay's bills")
struct AlipayBillTests {
    private let expected = Result { try Vectors.load().billExpectations }
    private let folder = "bills/20887210000000010156_20261120"

    private func parse(_ bytes: [UInt8]) throws(BillError) -> Statement {
        try AlipayBill.parse(bytes, expectedAccount: nil, expectedDay: nil)
    }

    /// The sample's detail as text, UTF-8.
    private func sample() throws -> String {
        try GBK.decode(try Vectors.bytes("\(folder)_业务明细.csv"))
    }

    @Test func theSampleInEveryForm() throws {
        let expected = try expected.get()
        let zip = try AlipayBill.parse(
            try Vectors.bytes(expected.tradeZip), expectedAccount: expected.billAccount,
            expectedDay: BusinessDay("2026-11-20"))
        let trades = zip.lines.filter { $0.kind == .trade }
        let refunds = zip.lines.filter { $0.kind == .refund }
        #expect(trades.count == expected.tradeRows)
        #expect(refunds.count == expected.refundRows)
        #expect(zip.footer.tradeTotal.fen == expected.tradeTotalFen)
        #expect(zip.footer.refundTotal.fen == -expected.refundTotalFen)
        let fee = refunds.reduce(Money.zero) { $0 + $1.fee } - trades.reduce(.zero) { $0 + $1.fee }
        #expect(fee.fen == expected.feeTotalFen)
        #expect((zip.footer.tradeTotal - zip.footer.refundTotal + fee).fen == expected.netFen)
        #expect(zip.lines.map(\.lineNo) == Array(1...6))
        let first = try #require(zip.lines.first)
        #expect(first.channelTradeNo == "2026112022001400001400000001")
        #expect(first.orderNo == "A20261120000001")
        #expect(first.refundNo == nil)
        #expect(first.fee == Money(fen: 59))
        #expect(zip.lines[4].refundNo == "R20261120000001")
        #expect(zip.lines[5].fee == Money(fen: 30))
        #expect(try parse(try Vectors.bytes("\(folder)_业务明细.csv")) == zip)
        #expect(try parse(try Vectors.bytes("\(folder).xlsx")) == zip)
        #expect(try parse(Array(try sample().utf8)) == zip)
        #expect(try parse([0xef, 0xbb, 0xbf] + Array(try sample().utf8)) == zip)
        let unix = try sample().replacingOccurrences(of: "\r\n", with: "\n")
        #expect(try parse(Array(unix.utf8)) == zip)
    }

    @Test func theEmptyDay() throws {
        let expected = try expected.get()
        let statement = try AlipayBill.parse(
            try Vectors.bytes(expected.emptyZip), expectedAccount: expected.billAccount,
            expectedDay: BusinessDay("2026-11-22"))
        #expect(statement.lines.isEmpty)
        #expect(statement.footer.tradeCount == 0)
    }

    @Test func theAccountBill() throws {
        let expected = try expected.get()
        let zip = try Vectors.bytes("bills/signcustomer_20887210000000010156_20261120.csv.zip")
        let bill = try AlipayAccountBill.parse(
            zip, expectedAccount: expected.billAccount, expectedDay: BusinessDay("2026-11-20"))
        #expect(bill.entries.count == 10)
        #expect(bill.income.fen == expected.signcustomerInFen)
        #expect(bill.expense.fen == -expected.signcustomerOutFen)
        let archive = try ZipArchive(zip)
        let member = try #require(archive.members.first { !$0.text.contains("汇总") })
        let text = try GBK.decode(try archive.extract(member, limit: 100_000))
        for (from, to, line) in [
            ("10131.72", "10131.73", 12), ("2026-11-20 13:31:45", "2026-11-21 00:00:00", 13),
        ] {
            let broken = text.replacingOccurrences(of: from, with: to)
            #expect("line \(line)") {
                try AlipayAccountBill.parse(
                    Array(broken.utf8), expectedAccount: nil, expectedDay: nil)
            } throws: {
                if case .line(line, _) = $0 as? BillError { true } else { false }
            }
        }
        let footer = text.replacingOccurrences(of: "收入合计：5笔", with: "收入合计：6笔")
        #expect(throws: BillError.footer("收入合计 count", stated: "6", counted: "5")) {
            try AlipayAccountBill.parse(Array(footer.utf8), expectedAccount: nil, expectedDay: nil)
        }
    }

    @Test func whatIsNotOfTheLineIsNamedWithItsLine() throws {
        let changes: [(String, String, Int)] = [
            ("98.50,98.50", "98.50,98.505", 6), ("98.50,98.50", "98.50,9 8.50", 6),
            (",0.01,0.01", ",0.01,-0.01", 7), (",-74.07,", ",74.07,", 8),
            ("2026-11-20 10:16:02", "2026-11-21 00:00:00", 6),
            ("2026-11-20 10:16:02", "2026-11-19 23:59:59", 6),
            ("2026-11-20 11:02:10", "2026-13-20 11:02:10", 7),
            ("2026112022001400001400000004\t", "2.02611220014E+27\t", 8),
            ("A20261120000005\t", "\t", 9), ("退款\t,测试", "退货\t,测试", 10),
            (",*六(137******03)\t", "", 9), (",*六(137******03)\t", ",*六,(137******03)\t", 9),
        ]
        for (from, to, line) in changes {
            let broken = try sample().replacingOccurrences(of: from, with: to)
            #expect("\(from) → \(to)") {
                try parse(Array(broken.utf8))
            } throws: {
                if case .line(line, _) = $0 as? BillError { true } else { false }
            }
        }
    }

    @Test func aBillThatIsNotWholeIsRefused() throws {
        let text = try sample()
        for (from, to, line) in [
            ("4笔", "5笔", 13), ("12528.18", "12528.19", 13), ("2笔", "1笔", 14),
            ("-60.00", "-61.00", 14),
        ] {
            #expect("\(from) → \(to)") {
                try parse(Array(text.replacingOccurrences(of: from, with: to).utf8))
            } throws: {
                if case .statement(line, _) = $0 as? BillError { true } else { false }
            }
        }
        // Cut anywhere before the last footer, there is always something missing.
        let end = try #require(text.range(of: "，商家优惠退款共"))
        let whole = Array(text[..<end.lowerBound].utf8)
        for count in stride(from: 0, to: whole.count - 3, by: 7) {
            #expect(throws: BillError.self, "cut at \(count)") {
                try parse(Array(whole.prefix(count)))
            }
        }
        let rows = text.components(separatedBy: "\r\n")
        for index in 5..<11 {
            var fewer = rows
            fewer.remove(at: index)
            #expect(throws: BillError.self, "without row \(index + 1)") {
                try parse(Array(fewer.joined(separator: "\r\n").utf8))
            }
        }
    }

    @Test func anotherAccountOrDay() throws {
        let bytes = try Vectors.bytes(try expected.get().tradeZip)
        #expect(
            throws: BillError.wrongAccount(expected: "1", seen: "20887210000000010156")
        ) {
            try AlipayBill.parse(bytes, expectedAccount: "1", expectedDay: nil)
        }
        let (other, seen) = (
            try #require(BusinessDay("2026-11-21")), try #require(BusinessDay("2026-11-20"))
        )
        #expect(throws: BillError.wrongDay(expected: other, seen: seen)) {
            try AlipayBill.parse(bytes, expectedAccount: nil, expectedDay: other)
        }
        let month = try sample().replacingOccurrences(of: "2026年11月21日 00", with: "2026年12月01日 00")
        #expect(throws: BillError.self) { try parse(Array(month.utf8)) }
    }

    @Test func columnsAreFoundByName() throws {
        // Half-width brackets, another order, more columns.
        let rows = try sample().components(separatedBy: "\r\n").map { row in
            row.hasPrefix("#") || row.isEmpty
                ? row
                : (["实收净额\(row.hasPrefix("支付宝") ? "" : "0")"]
                    + row.components(separatedBy: ",").reversed()).joined(separator: ",")
                    .replacingOccurrences(of: "（元）", with: "(元)")
        }
        let seen = try parse(Array(rows.joined(separator: "\r\n").utf8))
        #expect(seen == (try parse(Array(try sample().utf8))))
        let without = try sample().replacingOccurrences(of: "服务费（元）", with: "服务")
        #expect(throws: BillError.incomplete(missing: "the column '服务费(元)'")) {
            try parse(Array(without.utf8))
        }
        let twice = try sample().replacingOccurrences(of: "备注", with: "终端号")
        #expect(throws: BillError.line(5, "the column '终端号' is repeated")) {
            try parse(Array(twice.utf8))
        }
    }

    @Test func commasInSubjects() throws {
        let comma = try sample().replacingOccurrences(of: ",会员月卡,", with: ",会员,月,卡,")
        #expect(try parse(Array(comma.utf8)).lines[1].subject == "会员,月,卡")
        let quoted = try sample().replacingOccurrences(
            of: ",会员月卡,", with: ",\"会员,\"\"月\"\"卡\",")
        #expect(try parse(Array(quoted.utf8)).lines[1].subject == "会员,\"月\"卡")
    }

    @Test func positiveRefundsAreRefundsToo() throws {
        let positive = try sample().replacingOccurrences(of: "-50.00,-50.00", with: "50.00,50.00")
        #expect(try parse(Array(positive.utf8)) == (try parse(Array(try sample().utf8))))
    }

    @Test func anythingElseIsNoBill() throws {
        var random = SeededRandom()
        for _ in 0..<200 {
            let noise = (0..<Int.random(in: 0...300, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            #expect(throws: BillError.self, random.note) { try parse(noise) }
            #expect(throws: BillError.self, random.note) { try parse([0x50, 0x4b, 3, 4] + noise) }
        }
        let account = try Vectors.bytes("bills/signcustomer_20887210000000010156_20261120.csv.zip")
        #expect(throws: BillError.member(wanted: "业务明细", found: 0)) { try parse(account) }
    }
}
