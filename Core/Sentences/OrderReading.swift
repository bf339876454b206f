import Payments
public import Store

/// Why an order is where it is, what happens next and when, and who has its money: pure.
public struct OrderReading: Sendable {
    let order: OrderView
    let facts: OrderFacts.Row
    let refunds: [RefundRow]
    let deliveries: [DeliveriesOfOrder.Row]
    let language: Language

    /// An order's rows, read in one transaction.
    public init(
        order: OrderView, facts: OrderFacts.Row, refunds: [RefundRow],
        deliveries: [DeliveriesOfOrder.Row], language: Language
    ) {
        self.order = order
        self.facts = facts
        self.refunds = refunds
        self.deliveries = deliveries
        self.language = language
    }

    /// Who has the order's money.
    public enum Holder: String, Sendable, CaseIterable {
        /// The payer, before a payment or after a refund in full.
        case payer
        /// The channel, in the platform's account there.
        case channel
        /// The platform, which owes it to the merchant.
        case platform
        /// The bank, which is paying it out.
        case bank
        /// The merchant.
        case merchant
    }

    /// The order's status, and whether it was paid late.
    public var state: String {
        let say = language
        let name: String =
            switch order.status {
            case .accepted: say("accepted", "已受理 (accepted)")
            case .paying: say("paying", "支付中 (paying)")
            case .paid: say("paid", "已支付 (paid)")
            case .partiallyRefunded: say("partially_refunded", "部分退款 (partially_refunded)")
            case .refunded: say("refunded", "已全额退款 (refunded)")
            case .closed: say("closed", "已关闭 (closed)")
            }
        return name + (order.isLate ? say(" (late)", "（迟到支付）") : "")
    }

    /// Why the order is in its status.
    public var why: String {
        let say = language
        switch order.status {
        case .accepted, .paying: return inProgress
        case .paid:
            return order.isLate
                ? say(
                    "the channel reports it paid, after it had been closed here",
                    "订单关闭后，渠道确认已付款")
                : say("the channel reports it paid", "渠道确认已付款")
        case .partiallyRefunded:
            return say(
                "paid; \(order.refunded.yuan) yuan of it have been refunded",
                "已支付，其中 \(order.refunded.yuan) 元已退款")
        case .refunded: return say("paid, and refunded in full", "已支付，并已全额退款")
        case .closed:
            return facts.closeRequestedAt == nil
                ? say(
                    "its payment time ended without a payment, confirmed by the channel",
                    "支付时限内未付款，渠道已确认")
                : say(
                    "its merchant closed it before a payment, confirmed by the channel",
                    "商户在付款前关闭了订单，渠道已确认")
        }
    }

    private var inProgress: String {
        let say = language
        let answer = facts.lastAnswer.map {
            say("; the last inquiry: \($0)", "；最近一次查单: \($0)")
        }
        let state =
            order.status == .accepted
            ? say(
                "the payer has not opened the channel's cashier, as far as the channel reported",
                "付款人尚未打开收银台，或渠道尚未通知")
            : say(
                "the payer has opened the cashier; the channel has not reported a payment",
                "付款人已打开收银台，渠道尚未确认付款")
        guard let requested = facts.closeRequestedAt else { return state + (answer ?? "") }
        return say(
            "its merchant requested a close at \(requested.shanghai); the channel can't close a "
                + "trade that it doesn't know, and the pay URL is valid until "
                + "\(order.expiresAt.shanghai)",
            "商户于 \(requested.shanghai) 请求关闭；渠道尚无此交易，无法关闭，"
                + "支付链接有效至 \(order.expiresAt.shanghai)") + (answer ?? "")
    }

    // MARK: Money

    /// Who has the money, and where.
    public var money: (holder: Holder, text: String) {
        let say = language
        switch order.status {
        case .accepted, .paying, .closed:
            return (.payer, say("the payer has it: nothing was paid", "在付款人处：尚未付款"))
        case .refunded:
            return (
                .payer,
                say(
                    "the payer has it again: \(order.refunded.yuan) yuan were refunded",
                    "已退回付款人：\(order.refunded.yuan) 元")
            )
        case .paid, .partiallyRefunded: return afterPayment
        }
    }

    private var afterPayment: (holder: Holder, text: String) {
        let say = language
        guard let settlement = facts.settlementID else {
            guard let day = facts.matchedDay else {
                return (
                    .channel,
                    say(
                        "the channel has it, in the platform's account there; no statement has "
                            + "confirmed it yet", "在渠道的平台账户中；尚无对账单确认")
                )
            }
            return (
                .platform,
                say(
                    "the platform owes it to the merchant: confirmed by the statement of \(day), "
                        + "not settled yet", "平台应付商户：已由 \(day) 的对账单确认，尚未结算")
            )
        }
        guard let payoutNo = facts.payoutNo else {
            return (
                .platform,
                say(
                    "settled in \(settlement), which has no payout: its net isn't above zero, and "
                        + "is carried forward", "已结算 (\(settlement))，净额不大于零，结转下期，无出款")
            )
        }
        switch facts.payoutStatus {
        case "succeeded":
            return (
                .merchant,
                say("paid out to the merchant by \(payoutNo)", "已通过 \(payoutNo) 出款给商户")
            )
        case "failed":
            return (
                .platform,
                say(
                    "the platform owes it to the merchant: the payout \(payoutNo) failed",
                    "平台应付商户：出款 \(payoutNo) 失败")
            )
        default:
            return (
                .bank,
                say(
                    "the payout \(payoutNo) of \(settlement) is in progress at the bank",
                    "结算 \(settlement) 的出款 \(payoutNo) 正在银行处理")
            )
        }
    }

    // MARK: Next

    /// What happens next, each with its time.
    public var next: [String] { inquiries + openRefunds + toSettle + openDeliveries }

    private var inquiries: [String] {
        let say = language
        guard let at = order.nextInquiryAt else { return [] }
        let isClosed = facts.closeRequestedAt != nil || at >= order.expiresAt
        let query =
            isClosed
            ? say(
                "the channel is requested to close it at \(at.shanghai)",
                "将于 \(at.shanghai) 请求渠道关闭")
            : say("the channel is queried at \(at.shanghai)", "将于 \(at.shanghai) 向渠道查单")
        guard at < order.expiresAt else { return [query] }
        return [
            query,
            say(
                "unpaid at \(order.expiresAt.shanghai), it is closed at the channel and then here",
                "若 \(order.expiresAt.shanghai) 仍未付款，将先在渠道关闭，再在本平台关闭"),
        ]
    }

    private var openRefunds: [String] {
        let say = language
        var parts = refunds.filter { $0.status == "requested" }.map { refund in
            say(
                "the refund \(refund.refundNo) of \(refund.amount.yuan) yuan is queried at the "
                    + "channel, and requested again under its number, until its outcome is known",
                "退款 \(refund.refundNo)（\(refund.amount.yuan) 元）将向渠道查询，"
                    + "并以同一号码重新请求，直至结果明确")
        }
        if facts.reportedRefund > order.refunded {
            parts.append(
                say(
                    "the channel reports \(facts.reportedRefund.yuan) yuan refunded, of which "
                        + "\(order.refunded.yuan) yuan are proven: the rest is queried by number, "
                        + "and found in the statement at the latest",
                    "渠道报告已退款 \(facts.reportedRefund.yuan) 元，其中已确认 "
                        + "\(order.refunded.yuan) 元：其余按退款号查询，最迟由对账单确认"))
        }
        return parts
    }

    private var toSettle: [String] {
        let say = language
        guard order.status == .paid || order.status == .partiallyRefunded,
            let paidAt = order.paidAt, facts.settlementID == nil
        else { return [] }
        guard facts.matchedDay == nil else {
            return [say("it is in the merchant's next settlement", "将进入商户下一次结算")]
        }
        let day = BusinessDay.containing(paidAt)
        return [
            say(
                "it is compared with the channel's statement of \(day), which comes the next "
                    + "morning, and then settled", "将与渠道 \(day) 的对账单（次日上午）核对，随后结算")
        ]
    }

    private var openDeliveries: [String] {
        let say = language
        return deliveries.filter { $0.status != "acknowledged" }.map { delivery in
            let when =
                delivery.nextAttemptAt.map {
                    say("next attempt at \($0.shanghai)", "下次通知时间 \($0.shanghai)")
                } ?? say("no further attempt", "不再通知")
            return say(
                "\(delivery.partyNo) has not acknowledged \(delivery.eventType) after "
                    + "\(delivery.attempt) attempts; \(when)",
                "\(delivery.partyNo) 在 \(delivery.attempt) 次通知后仍未确认 "
                    + "\(delivery.eventType)；\(when)")
        }
    }
}
