import Alipay
import Channels
import Foundation
import Payments
import TestStack
import TestWaiting
import Testing

extension OutsideTests.UpSuite {
    @Test func billIsTakenWholeOrNotAtAll() async throws {
        // Not yesterday: from two in the afternoon the channel's answer of no bill is final.
        let day = BusinessDay.containing(.now).previous.previous
        let paidAt = day.start.adding(seconds: 50_000)
        let shop = try stack.shop("M2005")
        let number = Shop.number()
        let taken = try await stack.submit(shop.order(number))
        _ = try await stack.notify(ChannelNotice(of: taken, paidAt: paidAt, stack.endpoints))
        let order = try await stack.wait(for: "paid", of: number, shop)
        let lines = [
            try line(1, order["order_no"], order["channel_trade_no"], at: paidAt),
            try line(2, "T-ELSEWHERE", "2026112000000001", at: paidAt.adding(seconds: 60)),
        ]
        let statement = bill(of: day, lines, total: 19_700)

        try await broken(statement)
        let zip = try AlipayBillWriter.zip(statement, exportedAt: .now)
        let file = try write(zip, "bill.zip")
        let first = try await stack.tally(
            "statements", "import", file, "--channel", "alipay", "--date", "\(day)")
        #expect(first.status == 0, "\(first.errors)")
        #expect(first.output.contains("imported 2 lines"))
        try await eventually("\(day) is reconciled") {
            try await stack.texts("select status from statements where day = '\(day)'")
                == ["complete"]
        }
        let shown = try await stack.tally("reconcile", "show", "--date", "\(day)")
        #expect(shown.status == 0, "\(shown.errors)")
        #expect(shown.output.contains("matched 1, "), "\(shown.output)")
        #expect(shown.output.contains("channel_only trade T-ELSEWHERE"), "\(shown.output)")

        let again = try await stack.tally(
            "statements", "import", file, "--channel", "alipay", "--date", "\(day)")
        #expect(again.status == 0)
        #expect(again.output.contains("imported before"), "\(again.output)")
        let wrongDay = try await stack.tally(
            "statements", "import", file, "--channel", "alipay", "--date", "\(day.previous)")
        #expect(wrongDay.status == 1)
        #expect(wrongDay.errors.contains("\(day)"))
        // 98.50 less 5,000 ppm; the bank may take its time, or lose its first answer.
        try await eventually("the bank is sent the payout") {
            try await stack.texts(
                "select amount_fen::text from payouts where status <> 'failed' and attempt > 0")
                == ["9801"]
        }
    }

    // A bill cut off in a line, one without its end, and one whose footer has another sum.
    private func broken(_ statement: Statement) async throws {
        let detail = AlipayBillWriter.detail(statement, exportedAt: .now)
        let rows = detail.split(separator: "\r\n", omittingEmptySubsequences: false)
        let inALine = rows.prefix(6).joined(separator: "\r\n") + "\r\n" + rows[6].prefix(40)
        let withoutEnd = rows.prefix(7).joined(separator: "\r\n") + "\r\n"
        let footer = detail.replacing("商家实收共197.00元", with: "商家实收共197.01元")
        for (text, complaint) in [
            (inALine, "line 7"), (withoutEnd, "missing"), (footer, "the footer's trade total"),
        ] {
            let file = try write(try GBK.encode(text), "broken.csv")
            let ending = try await stack.tally(
                "statements", "import", file, "--channel", "alipay", "--date",
                "\(statement.day)")
            #expect(ending.status == 1, "\(ending.output)")
            #expect(ending.errors.contains(complaint), "\(ending.errors)")
        }
        #expect(
            try await stack.texts(
                "select statement_id from statements where day = '\(statement.day)'"
            ).isEmpty)
        #expect(try await stack.texts("select statement_id from statement_lines").isEmpty)
    }

    private func write(_ bytes: [UInt8], _ name: String) throws -> String {
        let file = stack.folder + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    private func line(
        _ number: Int, _ orderNo: String?, _ tradeNo: String?, at time: Timestamp
    ) throws -> StatementLine {
        let amount = Money(fen: 9_850)
        return StatementLine(
            lineNo: number, kind: .trade, channelTradeNo: try #require(tradeNo),
            orderNo: try #require(orderNo), refundNo: nil, amount: amount,
            fee: try Rate(ppm: 3_800).fee(on: amount), createdAt: time, completedAt: time,
            subject: "明前龙井")
    }

    private func bill(
        of day: BusinessDay, _ lines: [StatementLine], total: Int64
    ) -> Statement {
        Statement(
            account: stack.endpoints.alipay.sellerId + "0156", day: day, lines: lines,
            footer: StatementFooter(
                tradeCount: lines.count, tradeTotal: Money(fen: total), refundCount: 0,
                refundTotal: .zero))
    }
}
