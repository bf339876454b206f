import Payments
import Testing

@testable import Alipay
@testable import Channels

@Suite("Spreadsheets saved from bills")
struct XLSXTests {
    /// A workbook with one sheet, made of cells by their references.
    private func book(_ sheet: String, shared: [String] = []) throws -> [UInt8] {
        let strings = shared.map { "<si><r><t>\($0)</t></r></si>" }.joined()
        return try ZipArchive.make(
            [
                (name: Array("xl/workbook.xml".utf8), content: Array("<workbook/>".utf8)),
                (
                    name: Array("xl/sharedStrings.xml".utf8),
                    content: Array("<sst>\(strings)</sst>".utf8)
                ),
                (name: Array("xl/worksheets/sheet1.xml".utf8), content: Array(sheet.utf8)),
            ], modifiedAt: Made.now)
    }

    /// A bill of one payment; its amount and fee as the sheet has them.
    private func bill(amount: String, fee: String) throws -> [UInt8] {
        let names = [
            "支付宝交易号", "商户订单号", "业务类型", "商品名称", "创建时间", "完成时间", "商家实收（元）",
            "退款批次号/请求号", "服务费（元）",
        ]
        let shared =
            [
                "#支付宝业务明细查询", "#账号：[1]",
                "#起始日期：[2026年11月20日 00:00:00]   终止日期：[2026年11月21日 00:00:00]",
                "#交易合计：1笔，商家实收共98.50元", "#退款合计：0笔，商家实收退款共0.00元", "#--列表结束--", "T1",
                "O1", "交易", "茶 &amp; &lt;Co&gt;", "2026-11-20 10:00:00", "2026-11-20 10:01:00",
            ] + names
        func row(_ number: Int, _ cells: [(String, String)]) -> String {
            let text = cells.map { "<c r=\"\($0.0)\(number)\"\($0.1)</c>" }.joined()
            return "<row r=\"\(number)\">\(text)</row>"
        }
        func string(_ index: Int) -> String { " t=\"s\"><v>\(index)</v>" }
        let columnNames = ["A", "B", "C", "D", "E", "F", "G", "H", "I"]
        let header = columnNames.enumerated().map { ($1, string(12 + $0)) }
        let payment =
            [6, 7, 8, 9, 10, 11].enumerated().map { (columnNames[$0], string($1)) }
            + [("G", "><v>\(amount)</v>"), ("I", "><v>\(fee)</v>")]
        let rows = [
            row(1, [("A", string(0))]), row(2, [("A", string(1))]), row(3, [("A", string(2))]),
            row(5, header), row(6, payment), row(7, [("A", string(5))]),
            row(8, [("A", string(3))]), row(9, [("A", string(4))]),
        ]
        return try book(
            "<worksheet><sheetData>\(rows.joined())</sheetData></worksheet>", shared: shared)
    }

    private func parse(_ bytes: [UInt8]) throws(BillError) -> Statement {
        try AlipayBill.parse(bytes, expectedAccount: "1", expectedDay: BusinessDay("2026-11-20"))
    }

    @Test(arguments: [
        ("98.5", "-0.59"), ("98.50", "-0.58999999999999997"), ("98.499999999999986", "-0.59"),
        ("98.5", "-5.8999999999999997E-1"),
    ])
    func numbersAreReadAsDecimals(amount: String, fee: String) throws {
        let line = try #require(try parse(try bill(amount: amount, fee: fee)).lines.first)
        #expect(line.amount == Money(fen: 9850))
        #expect(line.fee == Money(fen: 59))
        #expect(line.subject == "茶 & <Co>")
    }

    @Test func numbers() {
        for (stored, text) in [
            ("1", "1"), ("12345.67", "12345.67"), ("12345.670000000001", "12345.67"),
            ("0.01", "0.01"), ("1E-2", "0.01"), ("2.0261E+27", "2.0261E+27"),
            ("99999999.989999995", "99999999.99"), ("-0.5", "-0.5"), ("x", "x"),
        ] {
            #expect(XLSXNumber.text(stored) == text)
        }
    }

    @Test func errorsNameTheRow() throws {
        let bytes = try bill(amount: "98.505", fee: "0")
        #expect {
            try parse(bytes)
        } throws: {
            if case .line(6, _) = $0 as? BillError { true } else { false }
        }
        let lost = try book(
            "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>9</v></c></row>"
                + "</sheetData></worksheet>")
        #expect(throws: BillError.line(1, "a cell refers to a shared text that is missing")) {
            try parse(lost)
        }
    }

    @Test func entitiesAndBrokenXMLAreRefused() throws {
        for sheet in [
            "<!DOCTYPE a [<!ENTITY b \"c\">]><worksheet>&b;</worksheet>", "<worksheet><row>", "",
            "<worksheet/>",
        ] {
            let bytes = try book(sheet)
            #expect(throws: BillError.self, "\(sheet)") { try parse(bytes) }
        }
    }
}
