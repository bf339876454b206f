import Events
import Payments
import Sentences
import Store

/// An order for a reader: its state, why, what happens next, who has the money, and its timeline, a
/// sentence a step.
struct OrderPage {
    let order: OrderView
    let facts: OrderFacts.Row
    let refunds: [RefundRow]
    let deliveries: [DeliveriesOfOrder.Row]
    let steps: [OrderSteps.Row]
    let language: Language

    private var reading: OrderReading {
        OrderReading(
            order: order, facts: facts, refunds: refunds, deliveries: deliveries,
            language: language)
    }

    /// The trace id of its records, log lines and deliveries.
    var traceID: String? { order.traceparent.flatMap(TraceContext.init)?.traceID }

    var lines: [String] {
        let say = language
        let sentences = StepSentence(language: language)
        let numbers = "\(order.orderNo) (\(order.merchantNo) \(order.merchantOrderNo))"
        var lines = [
            say("order \(numbers)", "订单 \(numbers)"),
            "\(order.product.rawValue), \(order.amount.yuan) \(say("yuan", "元")): \(order.subject)",
            say("state: ", "状态: ") + reading.state,
            say("why: ", "原因: ") + reading.why,
            say("money: ", "资金: ") + reading.money.text,
        ]
        let next = reading.next
        lines.append(say("next: ", "下一步: ") + (next.first ?? say("nothing is due", "无待办事项")))
        lines += next.dropFirst().map { "      \($0)" }
        if let traceID { lines.append("trace: \(traceID)") }
        lines += ["", say("timeline (Asia/Shanghai):", "时间线（北京时间）:")]
        for step in steps { lines.append("  \(step.at.shanghai)  \(sentences.text(of: step))") }
        return lines
    }

    /// The page as JSON.
    struct JSON: Encodable {
        struct Step: Encodable {
            let at: String
            let kind: String
            let text: String
        }
        let orderNo: String
        let merchantNo: String
        let merchantOrderNo: String
        let amountFen: Int64
        let refundedFen: Int64
        let status: String
        let late: Bool
        let acceptedAt: String
        let expiresAt: String
        let why: String
        let next: String
        let nextInquiryAt: String?
        let closeRequestedAt: String?
        let moneyHolder: String
        let money: String
        let traceID: String?
        let timeline: [Step]
    }

    var json: JSON {
        let sentences = StepSentence(language: language)
        let next = reading.next
        return JSON(
            orderNo: order.orderNo, merchantNo: order.merchantNo,
            merchantOrderNo: order.merchantOrderNo, amountFen: order.amount.fen,
            refundedFen: order.refunded.fen, status: order.status.rawValue, late: order.isLate,
            acceptedAt: order.acceptedAt.rfc3339, expiresAt: order.expiresAt.rfc3339,
            why: reading.why,
            next: next.isEmpty
                ? language("nothing is due", "无待办事项") : next.joined(separator: "; "),
            nextInquiryAt: order.nextInquiryAt?.rfc3339,
            closeRequestedAt: facts.closeRequestedAt?.rfc3339,
            moneyHolder: reading.money.holder.rawValue, money: reading.money.text,
            traceID: traceID,
            timeline: steps.map {
                .init(at: $0.at.rfc3339, kind: $0.kind.rawValue, text: sentences.text(of: $0))
            })
    }
}
