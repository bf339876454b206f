public import Payments
public import Store

/// Why an order or a refund is in progress past its time, and what happens next: pure.
public struct StuckReading: Sendable {
    let now: Timestamp
    let language: Language

    /// Sentences of one language about what is stuck at `now`.
    public init(now: Timestamp, language: Language) {
        self.now = now
        self.language = language
    }

    /// Why the order has no outcome.
    public func why(_ order: StuckOrders.Row) -> String {
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

    /// What is done about the order next, and when.
    public func next(_ order: StuckOrders.Row) -> String {
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

    /// Why the refund has no outcome.
    public func why(_ refund: StuckRefunds.Row) -> String {
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

    /// What is done about the refund next, and when.
    public func next(_ refund: StuckRefunds.Row) -> String {
        let say = language
        guard let at = refund.nextAt else {
            return say(
                "no query is due; the channel's statement names it, or look it up in the channel's "
                    + "console", "不再查询；对账单会列出该退款，或在渠道后台核对")
        }
        return say("it is queried at \(at.shanghai)", "将于 \(at.shanghai) 查询")
    }
}
