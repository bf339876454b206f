import Payments

/// A trade or a refund at the channel: a line of `channel.jsonl`.
struct ChannelLine: Encodable {
    let kind: String
    let orderNo: String
    let tradeNo: String
    let amountFen: Int64
    let feeFen: Int64
    var refundNo: String?
    var refundedAt: String?
    var status: String?
    var subject: String?
    var createdAt: String?
    var paidAt: String?
    var bookedAt: String?
    var closedAt: String?
    var refundedFen: Int64?
    var billedFen: Int64?
    var calls: [String: Int]?

    enum CodingKeys: String, CodingKey {
        case kind, status, subject, calls
        case orderNo = "out_trade_no"
        case tradeNo = "trade_no"
        case amountFen = "amount_fen"
        case feeFen = "fee_fen"
        case refundNo = "out_request_no"
        case refundedAt = "refunded_at"
        case createdAt = "created_at"
        case paidAt = "paid_at"
        case bookedAt = "booked_at"
        case closedAt = "closed_at"
        case refundedFen = "refunded_fen"
        case billedFen = "billed_fen"
    }

    /// The trade's own line.
    init(_ trade: Trade, fee: ChannelFee, billed: Money, calls: [String: Int]) {
        kind = "trade"
        orderNo = trade.orderNo
        tradeNo = trade.tradeNo
        amountFen = trade.terms.amount.fen
        feeFen = trade.paidAt == nil ? 0 : fee.charged(on: trade.terms.amount).fen
        status = trade.status.rawValue
        subject = trade.terms.subject
        createdAt = trade.createdAt.rfc3339
        paidAt = trade.paidAt?.rfc3339
        bookedAt = (trade.bookedAt ?? trade.paidAt)?.rfc3339
        closedAt = trade.closedAt?.rfc3339
        refundedFen = trade.refunded.fen
        billedFen = trade.paidAt == nil ? nil : billed.fen
        self.calls = calls
    }

    /// The line of one of its refunds.
    init(_ refund: TradeRefund, of trade: Trade, fee: ChannelFee) {
        kind = "refund"
        orderNo = trade.orderNo
        tradeNo = trade.tradeNo
        amountFen = refund.amount.fen
        feeFen = fee.returned(by: refund).fen
        refundNo = refund.requestNo
        refundedAt = refund.refundedAt.rfc3339
    }
}

extension SimulatedAlipay {
    /// Every trade, oldest first, each followed by its refunds.
    func oracleLines() -> [ChannelLine] {
        trades().reversed().flatMap { trade in
            let billed = trade.terms.amount + faults(of: trade.orderNo).billDelta
            let line = ChannelLine(
                trade, fee: bills.fee, billed: billed, calls: calls.totals(of: trade.orderNo))
            return [line] + trade.refunds.map { ChannelLine($0, of: trade, fee: bills.fee) }
        }
    }
}
