import Events
import Payments
import Store

/// An order told in plain words: where it is, why, what happens next and when, and all that
/// happened.
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

    /// What every record, log line and delivery of it carries.
    var traceID: String? { order.traceparent.flatMap(TraceContext.init)?.traceID }

    var why: String {
        switch order.status {
        case .accepted: "accepted; the channel has not said that the payer arrived"
        case .paying: "the payer is at the cashier; the channel has not said that it is paid"
        case .paid:
            order.isLate
                ? "the channel says it is paid, after it had been closed here"
                : "the channel says it is paid"
        case .partiallyRefunded: "\(order.refunded.yuan) yuan of it have been given back"
        case .refunded: "all of it has been given back"
        case .closed: "the channel confirmed that it was not paid in time, or it was called off"
        }
    }

    var next: String {
        var parts: [String] = []
        if let at = order.nextInquiryAt {
            parts.append("the channel is asked at \(at.shanghai)")
            parts.append("it expires at \(order.expiresAt.shanghai)")
        }
        for delivery in deliveries where delivery.status != "acknowledged" {
            let when = delivery.nextAttemptAt.map { "again at \($0.shanghai)" } ?? "no more"
            parts.append(
                "\(delivery.partyNo) has not acknowledged \(delivery.eventType) after "
                    + "\(delivery.attempt) attempts; tried \(when)")
        }
        return parts.isEmpty ? "nothing is due" : parts.joined(separator: "; ")
    }

    /// The same as values.
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
