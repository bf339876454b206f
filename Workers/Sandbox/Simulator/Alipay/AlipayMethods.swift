import Payments
import WorkerRuntime

/// What each server call does and returns (channel protocol §2).
extension SimulatedAlipay {
    func query(_ orderNo: String?) throws(AlipayError) -> [(String, String)] {
        if takeFault(\.queryErrors, orderNo: orderNo) { throw .systemError }
        let trade = try trade(orderNo)
        var fields =
            identity(of: trade) + [
                ("trade_status", trade.status.rawValue), ("total_amount", trade.terms.amount.yuan),
                ("buyer_user_id", NotificationForm.buyerID), ("buyer_logon_id", "159****0000"),
            ]
        if let smid = trade.terms.subMerchantNo { fields.append(("alipay_sub_merchant_id", smid)) }
        if let paidAt = trade.paidAt {
            let amounts = PaidAmounts(trade, faults(of: trade.orderNo))
            fields += [
                ("receipt_amount", amounts.received.yuan),
                ("buyer_pay_amount", amounts.paid.yuan), ("send_pay_date", paidAt.shanghai),
            ]
        }
        return fields
    }

    func close(_ orderNo: String?) async throws(AlipayError) -> [(String, String)] {
        let trade = try trade(orderNo)
        let outcome = apply(.close(orderNo: trade.orderNo))
        await notify(outcome.notices)
        return identity(of: try done(outcome).trade)
    }

    /// Without a trade it is done without an action.
    func cancel(_ orderNo: String?) async throws(AlipayError) -> [(String, String)] {
        guard let orderNo else { throw .business(.invalidParameter) }
        let named = [("out_trade_no", orderNo), ("retry_flag", "N")]
        guard let before = book.trades[orderNo] else { return named }
        let outcome = apply(.cancel(orderNo: orderNo))
        await notify(outcome.notices)
        let action = before.status == .paid ? "refund" : "close"
        return [("trade_no", try done(outcome).trade.tradeNo)] + named + [("action", action)]
    }

    func refund(
        _ orderNo: String?, _ content: BusinessContent
    ) async throws(AlipayError) -> AnswerNode {
        let before = try trade(orderNo)
        guard let amount = content.money("refund_amount"), amount > .zero else {
            throw .business(.invalidParameter)
        }
        guard let requestNo = content["out_request_no"] ?? wholeRefundNo(before, amount) else {
            throw .business(.refundTooLarge)
        }
        let outcome = apply(
            .refund(orderNo: before.orderNo, requestNo: requestNo, amount: amount))
        await notify(outcome.notices)
        let (trade, changed) = try done(outcome)
        if changed, takeFault(\.refundErrorsAfterEffect, orderNo: trade.orderNo) {
            throw .systemError
        }
        let refund = trade.refunds.first { $0.requestNo == requestNo }
        var node = AnswerNode(
            Self.success + identity(of: trade) + [
                ("refund_fee", trade.refunded.yuan), ("fund_change", changed ? "Y" : "N"),
                ("gmt_refund_pay", (refund?.refundedAt ?? clock.now()).shanghai),
                ("buyer_logon_id", "159****0000"),
            ])
        addDetail(of: refund, to: &node, content)
        return node
    }

    func queryRefund(
        _ orderNo: String?, _ content: BusinessContent
    ) throws(AlipayError) -> AnswerNode {
        let trade = try trade(orderNo)
        guard let requestNo = content["out_request_no"] else {
            throw .business(.invalidParameter)
        }
        guard let refund = trade.refunds.first(where: { $0.requestNo == requestNo }) else {
            // Not received: a success without any field.
            return AnswerNode(Self.success)
        }
        var node = AnswerNode(
            Self.success + identity(of: trade) + [
                ("out_request_no", requestNo), ("total_amount", trade.terms.amount.yuan),
                ("refund_amount", refund.amount.yuan), ("refund_status", "REFUND_SUCCESS"),
                ("gmt_refund_pay", refund.refundedAt.shanghai),
            ])
        addDetail(of: refund, to: &node, content)
        return node
    }

    /// The funds of a refund, where the call's `query_options` want them.
    private func addDetail(
        of refund: TradeRefund?, to node: inout AnswerNode, _ content: BusinessContent
    ) {
        guard let refund, content.options.contains("refund_detail_item_list") else { return }
        let item = [("fund_channel", "ALIPAYACCOUNT"), ("amount", refund.amount.yuan)]
        node.add("refund_detail_item_list", list: [item])
    }

    func billAddress(_ content: BusinessContent) throws(AlipayError) -> [(String, String)] {
        guard content["bill_type"] == "trade" else {
            throw .business("TYPE_NOT_SUPPORTED", "账单类型不支持")
        }
        guard let day = content["bill_date"].flatMap({ BusinessDay($0) }) else {
            throw .business("INVAILID_ARGUMENTS", "入参不合法")
        }
        let now = clock.now()
        guard now >= BillLink.readyAt(day) else {
            throw .business("BILL_NOT_EXIST", "账单不存在")
        }
        let link = BillLink(account: identity.sellerID, day: day, issuedAt: now)
        var fields = [("bill_download_url", link.url(base: baseURL))]
        if bill(of: day).lines.isEmpty {
            fields.append(("bill_file_code", "EMPTY_DATA_WITH_BILL_FILE"))
        }
        return fields
    }

    /// The trade's present state; expired trades were closed before the call.
    private func trade(_ orderNo: String?) throws(AlipayError) -> Trade {
        guard let orderNo else { throw .business(.invalidParameter) }
        guard let trade = book.trades[orderNo] else { throw .business(.notExist) }
        return trade
    }

    /// Without a request number only a refund in full is allowed; its number is the order's.
    private func wholeRefundNo(_ trade: Trade, _ amount: Money) -> String? {
        amount == trade.terms.amount ? trade.orderNo : nil
    }

    private func identity(of trade: Trade) -> [(String, String)] {
        [("trade_no", trade.tradeNo), ("out_trade_no", trade.orderNo)]
    }

    private func done(
        _ outcome: TradeOutcome
    ) throws(AlipayError) -> (trade: Trade, changed: Bool) {
        switch outcome.response {
        case .done(let trade, let changed): return (trade, changed)
        case .refused(let refusal): throw .business(refusal)
        case .none: throw .systemError
        }
    }
}
