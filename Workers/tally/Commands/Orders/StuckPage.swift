import Payments
import Store

/// What is in progress past its time, a block each: what, why, what happens next.
struct StuckPage {
    let orders: [StuckOrders.Row]
    let refunds: [StuckRefunds.Row]
    let now: Timestamp
    let limit: Int
    let language: Language

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
            lines.append("  " + say("why: ", "原因: ") + why(order))
            lines.append("  " + say("next: ", "下一步: ") + next(order))
        }
        for refund in refunds {
            let amount = refund.amount.map { say(", \($0.yuan) yuan", "，\($0.yuan) 元") } ?? ""
            lines.append(
                say(
                    "refund \(refund.refundNo) of order \(refund.orderNo)\(amount)",
                    "订单 \(refund.orderNo) 的退款 \(refund.refundNo)\(amount)"))
            lines.append("  " + say("why: ", "原因: ") + why(refund))
            lines.append("  " + say("next: ", "下一步: ") + next(refund))
        }
        if orders.count == limit || refunds.count == limit {
            lines.append(
                say(
                    "the list is cut at \(limit); --limit shows more",
                    "仅显示 \(limit) 条；用 --limit 显示更多"))
        }
        return lines
    }

    private func why(_ order: StuckOrders.Row) -> String {
        let say = language
        let since = (now - order.expiresAt).approximate
        let answer =
            order.lastAnswer.map { say("the last answer: \($0)", "最近一次返回: \($0)") }
            ?? say("no inquiry was made", "尚未查单")
        guard order.expiresAt < now else {
            return say(
                "its inquiry was due at \(order.nextInquiryAt.shanghai) and wasn't made; \(answer)",
                "应于 \(order.nextInquiryAt.shanghai) 查单但未进行；\(answer)")
        }
        return say(
            "its payment time ended \(since) ago, and the channel has given no final answer after "
                + "\(order.attempts) inquiries; \(answer)",
            "支付时限已过 \(since)，查单 \(order.attempts) 次后渠道仍无最终结果；\(answer)")
    }

    private func next(_ order: StuckOrders.Row) -> String {
        let say = language
        guard order.nextInquiryAt < now else {
            return say(
                "the channel is requested to close it at \(order.nextInquiryAt.shanghai), and "
                    + "queried where it refuses",
                "将于 \(order.nextInquiryAt.shanghai) 请求渠道关闭，若被拒绝则查单")
        }
        return say(
            "an inquiry has been due since \(order.nextInquiryAt.shanghai): check that the inquiry "
                + "role runs, and its log", "自 \(order.nextInquiryAt.shanghai) 起应查单：请检查查单进程及其日志")
    }

    private func why(_ refund: StuckRefunds.Row) -> String {
        let say = language
        let answer =
            refund.lastAnswer.map { say("the last answer: \($0)", "最近一次返回: \($0)") }
            ?? say("no call was made", "尚未调用渠道")
        let since = refund.since.shanghai
        if refund.status == "requested" {
            return say(
                "requested at \(since); unknown after \(refund.attempts) attempts; \(answer)",
                "于 \(since) 请求，\(refund.attempts) 次尝试后结果仍未知；\(answer)")
        }
        return say(
            "the channel reported it at \(since), and \(refund.attempts) queries didn't prove it; "
                + "\(answer)", "渠道于 \(since) 报告，\(refund.attempts) 次查询仍未证实；\(answer)")
    }

    private func next(_ refund: StuckRefunds.Row) -> String {
        let say = language
        guard let at = refund.nextAt else {
            return say(
                "no query is due; the channel's statement names it, or look it up in the channel's "
                    + "console", "不再查询；对账单会列出该退款，或在渠道后台核对")
        }
        return say("it is queried at \(at.shanghai)", "将于 \(at.shanghai) 查询")
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
                    lastAnswer: order.lastAnswer, why: why(order), next: next(order))
            },
            refunds: refunds.map { refund in
                JSON.Refund(
                    orderNo: refund.orderNo, refundNo: refund.refundNo,
                    amountFen: refund.amount?.fen, status: refund.status,
                    since: refund.since.rfc3339, nextAt: refund.nextAt?.rfc3339,
                    attempts: refund.attempts, lastAnswer: refund.lastAnswer, why: why(refund),
                    next: next(refund))
            })
    }
}
