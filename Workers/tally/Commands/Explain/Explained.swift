import Payments
import Sentences
import Store

/// A settlement's or an order's arithmetic.
struct Explained: Encodable {
    struct Line: Encodable {
        let what: String
        let arithmetic: String
        let amountFen: Int64
    }

    struct Item: Encodable {
        let orderNo: String
        let refundNo: String?
        let product: String
        let amountFen: Int64
        let settlementID: String?
        let lines: [Line]
        /// Whether the stored fee is the computed one; `nil` where none is stored yet.
        let isStored: Bool?
    }

    let settlement: SettlementJSON?
    let items: [Item]

    init(_ settlement: SettlementLine?, _ rows: [FeesOfOrders.Row], _ arithmetic: FeeArithmetic) {
        self.settlement = settlement.map(SettlementJSON.init)
        items = rows.map { row in
            let lines = arithmetic.lines(of: row)
            // A refund's own row holds what it reverses above zero.
            let fee = lines.first.map { row.refundNo.isEmpty ? $0.amount : -$0.amount }
            return Item(
                orderNo: row.orderNo, refundNo: row.refundNo.isEmpty ? nil : row.refundNo,
                product: row.product,
                amountFen: row.refundNo.isEmpty ? row.amount.fen : -row.amount.fen,
                settlementID: row.settlementID,
                lines: lines.map {
                    Line(what: $0.what, arithmetic: $0.arithmetic, amountFen: $0.amount.fen)
                }, isStored: row.storedFee.map { $0 == fee })
        }
        total = settlement.map(SettlementShow.lines) ?? []
    }

    private let total: [String]
    private enum CodingKeys: CodingKey { case settlement, items }

    /// Lines for a terminal.
    func text(_ say: Language) -> [String] {
        total + items.flatMap { item in [""] + text(item, say) }
    }

    private func text(_ item: Item, _ say: Language) -> [String] {
        let refund = item.refundNo.map { say(", refund ", "，退款 ") + $0 } ?? ""
        let place = item.settlementID.map { say(", settled in ", "，结算单 ") + $0 } ?? ""
        var table = TextTable(headings: [
            say("order ", "订单 ") + item.orderNo + refund,
            item.product + place, Money(fen: item.amountFen).yuan,
        ])
        table.rightAligned = [2]
        table.rows = item.lines.map { [$0.what, $0.arithmetic, Money(fen: $0.amountFen).yuan] }
        guard item.isStored == false else { return table.lines }
        return table.lines + [
            say(
                "the stored fee is another one: run tally audit", "存储的手续费与此不同，请运行 tally audit")
        ]
    }
}
