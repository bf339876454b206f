import Payments

/// The fields of an asynchronous notification (channel protocol §3.1), before signing.
struct NotificationForm: Sendable, Equatable {
    /// Name and value, none of them empty.
    var fields: [(name: String, value: String)]

    /// The notification of `notice`, first sent at `now`.
    /// - Parameter faults: of the trade; they hold its coupons.
    init(
        _ notice: TradeNotice, identity: AlipayIdentity, notifyID: String, now: Timestamp,
        faults: ChannelFaults = ChannelFaults()
    ) {
        let trade = notice.trade
        let total = trade.terms.amount.yuan
        fields = [
            ("notify_time", now.shanghai), ("notify_type", "trade_status_sync"),
            ("notify_id", notifyID), ("app_id", identity.appID),
            ("auth_app_id", identity.appID), ("charset", "utf-8"), ("version", "1.0"),
            ("sign_type", "RSA2"), ("trade_no", trade.tradeNo),
            ("out_trade_no", trade.orderNo), ("seller_id", identity.sellerID),
            ("buyer_id", Self.buyerID), ("buyer_logon_id", "159****0000"),
            ("trade_status", trade.status.rawValue), ("total_amount", total),
            ("subject", trade.terms.subject), ("gmt_create", trade.createdAt.shanghai),
        ]
        if let passback = trade.terms.passback { fields.append(("passback_params", passback)) }
        if let paidAt = trade.paidAt {
            let amounts = PaidAmounts(trade, faults)
            let paid = amounts.paid.yuan
            fields += [
                ("receipt_amount", amounts.received.yuan), ("invoice_amount", paid),
                ("buyer_pay_amount", paid), ("point_amount", "0.00"),
                ("gmt_payment", paidAt.shanghai),
                ("fund_bill_list", #"[{"amount":"\#(paid)","fundChannel":"ALIPAYACCOUNT"}]"#),
            ]
        }
        if case .refunded(_, let refund) = notice {
            fields += [
                ("out_biz_no", refund.requestNo), ("refund_fee", refund.cumulative.yuan),
                ("gmt_refund", refund.refundedAt.shanghai + ".000"),
            ]
        }
        if let closedAt = trade.closedAt { fields.append(("gmt_close", closedAt.shanghai)) }
    }

    /// The same notification with one field changed.
    func with(_ name: String, _ value: String) -> NotificationForm {
        var copy = self
        copy.fields = fields.map { $0.name == name ? (name, value) : $0 }
        return copy
    }

    static let buyerID = "2088000000009999"

    static func == (left: NotificationForm, right: NotificationForm) -> Bool {
        left.fields.elementsEqual(right.fields) { $0 == $1 }
    }
}
