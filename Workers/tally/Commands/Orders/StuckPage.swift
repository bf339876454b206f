import Payments
import Sentences
import Store

/// What is in progress past its time, a block each: what, why, what happens next.
struct StuckPage {
    let orders: [StuckOrders.Row]
    let refunds: [StuckRefunds.Row]
    let now: Timestamp
    let limit: Int
    let language: Language

    private var reading: StuckReading { StuckReading(now: now, language: language) }

    var lines: [String] {
        let say = language
        guard !orders.isEmpty || !refunds.isEmpty else {
            return [say("nothing is stuck", "没有卡住的订单或退款")]
        }
        var lines: [String] = []
        for order in orders {
            lines.append(
                say(
                    "order \(order.orderNo) (\(order.merchantNo) \(order.merchantOrderNo)), "
                        + "\(order.amount.yuan) yuan, \(order.status.rawValue)",
                    "订单 \(order.orderNo)（\(order.merchantNo) \(order.merchantOrderNo)），"
                        + "\(order.amount.yuan) 元，\(order.status.rawValue)"))
            lines.append("  " + say("why: ", "原因: ") + reading.why(order))
            lines.append("  " + say("next: ", "下一步: ") + reading.next(order))
        }
        for refund in refunds {
            let amount = refund.amount.map { say(", \($0.yuan) yuan", "，\($0.yuan) 元") } ?? ""
            lines.append(
                say(
                    "refund \(refund.refundNo) of order \(refund.orderNo)\(amount)",
                    "订单 \(refund.orderNo) 的退款 \(refund.refundNo)\(amount)"))
            lines.append("  " + say("why: ", "原因: ") + reading.why(refund))
            lines.append("  " + say("next: ", "下一步: ") + reading.next(refund))
        }
        if orders.count == limit || refunds.count == limit {
            lines.append(
                say(
                    "the list is cut at \(limit); --limit shows more",
                    "仅显示 \(limit) 条；用 --limit 显示更多"))
        }
        return lines
    }

    /// The page as JSON.
    struct JSON: Encodable {
        struct Order: Encodable {
            let orderNo: String
            let merchantNo: String
            let merchantOrderNo: String
            let amountFen: Int64
            let status: String
            let expiresAt: String
            let nextInquiryAt: String
            let inquiries: Int32
            let lastAnswer: String?
            let why: String
            let next: String
        }
        struct Refund: Encodable {
            let orderNo: String
            let refundNo: String
            let amountFen: Int64?
            let status: String
            let since: String
            let nextAt: String?
            let attempts: Int32
            let lastAnswer: String?
            let why: String
            let next: String
        }
        let orders: [Order]
        let refunds: [Refund]
    }

    var json: JSON {
        JSON(
            orders: orders.map { order in
                JSON.Order(
                    orderNo: order.orderNo, merchantNo: order.merchantNo,
                    merchantOrderNo: order.merchantOrderNo, amountFen: order.amount.fen,
                    status: order.status.rawValue, expiresAt: order.expiresAt.rfc3339,
                    nextInquiryAt: order.nextInquiryAt.rfc3339, inquiries: order.attempts,
                    lastAnswer: order.lastAnswer, why: reading.why(order), next: reading.next(order)
                )
            },
            refunds: refunds.map { refund in
                JSON.Refund(
                    orderNo: refund.orderNo, refundNo: refund.refundNo,
                    amountFen: refund.amount?.fen, status: refund.status,
                    since: refund.since.rfc3339, nextAt: refund.nextAt?.rfc3339,
                    attempts: refund.attempts, lastAnswer: refund.lastAnswer,
                    why: reading.why(refund),
                    next: reading.next(refund))
            })
    }
}
