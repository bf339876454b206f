public import Channels
public import Payments

/// Writes a trade bill as Alipay does (channel protocol §5.1 to §5.3): detail and summary as CSV in
/// GBK with CRLF, in a zip whose file names are raw GBK.
public enum AlipayBillWriter {
    /// Why a bill can't be written.
    public enum WriteError: Error, Sendable, Equatable, CustomStringConvertible {
        /// A text isn't GBK.
        case text(GBKError)
        /// The archive couldn't be made.
        case archive(ZipError)

        /// What went wrong.
        public var description: String {
            switch self {
            case .text(let error): "the bill can't be written: \(error)"
            case .archive(let error): "\(error)"
            }
        }
    }

    /// The archive of a day; the same statement and time make the same bytes.
    public static func zip(
        _ statement: Statement, exportedAt: Timestamp
    ) throws(WriteError) -> [UInt8] {
        let name = "\(statement.account)_\(statement.day.compact)_业务明细"
        var files: [(name: [UInt8], content: [UInt8])] = []
        do {
            for (name, text) in [
                ("\(name).csv", detail(statement, exportedAt: exportedAt)),
                ("\(name)(汇总).csv", summary(statement, exportedAt: exportedAt)),
            ] {
                files.append((name: try GBK.encode(name), content: try GBK.encode(text)))
            }
        } catch {
            throw .text(error)
        }
        do {
            return try ZipArchive.make(files, modifiedAt: exportedAt)
        } catch {
            throw .archive(error)
        }
    }

    /// The detail as text.
    public static func detail(_ statement: Statement, exportedAt: Timestamp) -> String {
        let footer = statement.footer
        let refunded = -footer.refundTotal
        let head = [
            "#支付宝业务明细查询", account(statement), period(statement),
            "#-----------------------------------------业务明细列表"
                + "----------------------------------------",
            detailColumns.joined(separator: ","),
        ]
        let foot = [
            "#-----------------------------------------业务明细列表结束"
                + "------------------------------------",
            "#交易合计：\(footer.tradeCount)笔，商家实收共\(footer.tradeTotal.yuan)元，商家优惠共0.00元",
            "#退款合计：\(footer.refundCount)笔，商家实收退款共\(refunded.yuan)元，商家优惠退款共0.00元",
            exported(exportedAt),
        ]
        return lines(head + statement.lines.map(row) + foot)
    }

    /// The summary as text: one row for all that has no store, and their sum.
    public static func summary(_ statement: Statement, exportedAt: Timestamp) -> String {
        let footer = statement.footer
        let received = footer.tradeTotal - footer.refundTotal
        let fee = statement.lines.reduce(Money.zero) { sum, line in
            line.kind == .trade ? sum - line.fee : sum + line.fee
        }
        let numbers = [
            "\(footer.tradeCount)", "\(footer.refundCount)", received.yuan, received.yuan, zero,
            zero, zero, fee.yuan, zero, (received + fee).yuan,
        ]
        let head = [
            "#支付宝业务汇总查询", account(statement), period(statement),
            "#-----------------------------------------业务汇总列表"
                + "----------------------------------------",
            summaryColumns.joined(separator: ","),
        ]
        let rows = statement.lines.isEmpty ? [] : [(["\t", "其他\t"] + numbers)]
        let foot = [
            (["合计", ""] + numbers).joined(separator: ","),
            "#----------------------------------------业务汇总列表结束"
                + "-------------------------------------",
            exported(exportedAt),
        ]
        return lines(head + rows.map { $0.joined(separator: ",") } + foot)
    }

    private static let zero = "0.00"
    private static let detailColumns = [
        "支付宝交易号", "商户订单号", "业务类型", "商品名称", "创建时间", "完成时间", "门店编号", "门店名称",
        "操作员", "终端号", "对方账户", "订单金额（元）", "商家实收（元）", "支付宝红包（元）", "集分宝（元）",
        "支付宝优惠（元）", "商家优惠（元）", "券核销金额（元）", "券名称", "商家红包消费金额（元）",
        "卡消费金额（元）", "退款批次号/请求号", "服务费（元）", "分润（元）", "备注",
    ]
    private static let summaryColumns = [
        "门店编号", "门店名称", "交易订单总笔数", "退款订单总笔数", "订单金额（元）", "商家实收（元）",
        "支付宝优惠（元）", "商家优惠（元）", "卡消费金额（元）", "服务费（元）", "分润（元）", "实收净额（元）",
    ]

    private static func row(_ line: StatementLine) -> String {
        let isTrade = line.kind == .trade
        let amount = (isTrade ? line.amount : -line.amount).yuan
        let fee = (isTrade ? -line.fee : line.fee).yuan
        // A tab after each number keeps spreadsheets from rounding it.
        return [
            "\(line.channelTradeNo)\t", "\(line.orderNo)\t", isTrade ? "交易\t" : "退款\t",
            plain(line.subject), line.createdAt.shanghai, line.completedAt.shanghai, "\t", "\t",
            "\t", "\t", "\t", amount, amount, zero, zero, zero, zero, zero, "", "\(zero)\t", zero,
            "\(line.refundNo ?? "")\t", fee, zero, "",
        ].joined(separator: ",")
    }

    /// A subject without line breaks and control characters.
    private static func plain(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value < 32 ? " " : $0 }))
    }

    private static func account(_ statement: Statement) -> String {
        "#账号：[\(statement.account)]"
    }

    private static func period(_ statement: Statement) -> String {
        let (from, to) = (date(statement.day.start), date(statement.day.end))
        return "#起始日期：[\(from)]   终止日期：[\(to)]"
    }

    private static func exported(_ time: Timestamp) -> String { "#导出时间：[\(date(time))]" }

    /// `2026年11月20日 00:00:00`
    private static func date(_ time: Timestamp) -> String {
        let parts = time.shanghai.split(separator: " ")
        let date = parts[0].split(separator: "-")
        return "\(date[0])年\(date[1])月\(date[2])日 \(parts[1])"
    }

    private static func lines(_ lines: [String]) -> String {
        lines.map { $0 + "\r\n" }.joined()
    }
}
