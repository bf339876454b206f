import Events
import Payments
import Store

/// An order for a reader: its state, the reason, what happens next and when, and its timeline.
struct OrderTimelinePage {
    let order: OrderView
    let timeline: [OrderTimeline.Row]
    let deliveries: [DeliveriesOfOrder.Row]

    var lines: [String] {
        var lines = [
            "order \(order.orderNo) (\(order.merchantNo) \(order.merchantOrderNo))",
            "\(order.product.rawValue), \(order.amount.yuan) yuan: \(order.subject)",
            "state: \(order.status.rawValue)\(order.isLate ? " (late)" : "")",
            "why: \(why)",
            "next: \(next)",
        ]
        if let traceID { lines.append("trace: \(traceID)") }
        lines.append("")
        for entry in timeline { lines.append("\(entry.at.shanghai)  \(entry.text)") }
        return lines
    }

    /// The trace id of its records, log lines and deliveries.
    var traceID: String? { order.traceparent.flatMap(TraceContext.init)?.traceID }

    var why: String {
        switch order.status {
        case .accepted: "accepted; the payer has not opened the channel's cashier"
        case .paying: "the payer is at the cashier; the channel has not reported a payment"
        case .paid:
            order.isLate
                ? "the channel reports it paid, after it had been closed here"
                : "the channel reports it paid"
        case .partiallyRefunded: "\(order.refunded.yuan) yuan have been refunded"
        case .refunded: "the whole amount has been refunded"
        case .closed:
            "the channel confirmed that it was not paid in time, or the merchant closed it"
        }
    }

    var next: String {
        var parts: [String] = []
        if let at = order.nextInquiryAt {
            parts.append("the channel is queried at \(at.shanghai)")
            parts.append("it expires at \(order.expiresAt.shanghai)")
        }
        for delivery in deliveries where delivery.status != "acknowledged" {
            let when =
                delivery.nextAttemptAt.map { "next attempt at \($0.shanghai)" }
                ?? "no further attempt"
            parts.append(
                "\(delivery.partyNo) has not acknowledged \(delivery.eventType) after "
                    + "\(delivery.attempt) attempts; \(when)")
        }
        return parts.isEmpty ? "nothing is due" : parts.joined(separator: "; ")
    }

    /// The page as JSON.
    struct JSON: Encodable {
        struct Entry: Encodable {
            let at: String
            let kind: String
            let text: String
        }
        let orderNo: String
        let merchantNo: String
        let merchantOrderNo: String
        let status: String
        let late: Bool
        let why: String
        let next: String
        let traceID: String?
        let timeline: [Entry]
    }

    var json: JSON {
        JSON(
            orderNo: order.orderNo, merchantNo: order.merchantNo,
            merchantOrderNo: order.merchantOrderNo, status: order.status.rawValue,
            late: order.isLate, why: why, next: next, traceID: traceID,
            timeline: timeline.map { .init(at: $0.at.rfc3339, kind: $0.kind, text: $0.text) })
    }
}
