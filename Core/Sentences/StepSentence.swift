import Payments
public import Store

/// A step of an order's timeline as a sentence.
public struct StepSentence: Sendable {
    let language: Language

    /// Sentences of one language.
    public init(language: Language) { self.language = language }

    /// The sentence, with its full stop.
    public func text(of step: OrderSteps.Row) -> String {
        let say = language
        switch step.kind {
        case .event: return event(step)
        case .closeRequested: return say("The merchant requested a close.", "商户请求关闭订单。")
        case .inquiry: return call(step)
        case .refundRequested: return refundRequest(step)
        case .refundReported:
            return say(
                "The channel reported the refund \(step.name), unknown here; it is queried.",
                "渠道报告了本平台未知的退款 \(step.name)，将向渠道查询。")
        case .refundSucceeded:
            let place = step.other == "channel" ? say(" at the channel's console", "（渠道后台）") : ""
            return say(
                "The refund \(step.name) of \(yuan(step)) yuan\(place) took effect.",
                "退款 \(step.name)\(place) \(yuan(step)) 元已生效。")
        case .refundFailed:
            return say(
                "The channel refused the refund \(step.name) of \(yuan(step)) yuan for good: "
                    + "\(step.text).", "渠道拒绝了退款 \(step.name)（\(yuan(step)) 元）：\(step.text)。")
        case .delivery: return delivery(step)
        case .matched:
            return say(
                "The statement of \(step.name) confirmed it.", "\(step.name) 的对账单已确认。")
        case .settled:
            return say(
                "It was settled in \(step.name) for \(step.other).",
                "已结算：\(step.name)（账期日 \(step.other)）。")
        case .payoutRequested, .payoutCompleted: return payout(step)
        }
    }

    private func yuan(_ step: OrderSteps.Row) -> String { Money(fen: step.number).yuan }

    private func event(_ step: OrderSteps.Row) -> String {
        let say = language
        let source =
            step.other == "notify"
            ? say("by the channel's notification", "渠道异步通知")
            : say("by the channel's answer to a query", "渠道查单结果")
        switch step.name {
        case "order.accepted":
            return say("The order was validated and accepted.", "订单校验通过，已受理。")
        case "order.paying":
            return say(
                "The payer opened the cashier, \(source).", "付款人打开了收银台（\(source)）。")
        case "order.paid" where !step.text.isEmpty:
            return say(
                "It was paid after it had been closed, \(source): a late payment.",
                "订单关闭后收到付款（\(source)）：迟到支付。")
        case "order.paid": return say("It was paid, \(source).", "已支付（\(source)）。")
        case "order.closed": return say("It was closed, \(source).", "已关闭（\(source)）。")
        default: return say("\(step.name), \(source).", "\(step.name)（\(source)）。")
        }
    }

    private func call(_ step: OrderSteps.Row) -> String {
        let say = language
        let (number, answer, attempt) = (step.other, step.text, step.number)
        switch step.name {
        case "query":
            return say(
                "Inquiry \(attempt): the channel was queried: \(answer).",
                "第 \(attempt) 次查单，渠道返回：\(answer)。")
        case "close":
            return say(
                "Inquiry \(attempt): the channel was requested to close it: \(answer).",
                "第 \(attempt) 次请求渠道关闭，渠道返回：\(answer)。")
        case "refund":
            return say(
                "Attempt \(attempt) of the refund \(number) at the channel: \(answer).",
                "第 \(attempt) 次向渠道处理退款 \(number)：\(answer)。")
        case "query_refund":
            return say(
                "Query \(attempt) of the reported refund \(number): \(answer).",
                "第 \(attempt) 次查询渠道报告的退款 \(number)：\(answer)。")
        default:
            return say("\(step.name) \(number): \(answer).", "\(step.name) \(number)：\(answer)。")
        }
    }

    private func refundRequest(_ step: OrderSteps.Row) -> String {
        let say = language
        let (number, amount) = (step.name, yuan(step))
        if step.other == "late_payment" {
            return say(
                "The platform requested the refund \(number) of \(amount) yuan: the payment was "
                    + "late.", "因迟到支付，平台发起退款 \(number)：\(amount) 元。")
        }
        return say(
            "The merchant requested the refund \(number) (its \(step.text)) of \(amount) yuan.",
            "商户请求退款 \(number)（商户退款号 \(step.text)）：\(amount) 元。")
    }

    private func delivery(_ step: OrderSteps.Row) -> String {
        let say = language
        let what = say(
            "Delivery of \(step.name) to \(step.other), attempt \(step.number): ",
            "向 \(step.other) 通知 \(step.name)，第 \(step.number) 次：")
        return what
            + (step.text.isEmpty
                ? say("acknowledged.", "已确认。") : say("\(step.text).", "\(step.text)。"))
    }

    private func payout(_ step: OrderSteps.Row) -> String {
        let say = language
        guard step.kind == .payoutCompleted else {
            return say(
                "The payout \(step.name) of its settlement, \(yuan(step)) yuan, was requested.",
                "已发起结算出款 \(step.name)：\(yuan(step)) 元。")
        }
        return step.other == "succeeded"
            ? say("The payout \(step.name) reached the merchant.", "出款 \(step.name) 已到账。")
            : say(
                "The payout \(step.name) failed: \(step.text).",
                "出款 \(step.name) 失败：\(step.text)。")
    }
}
