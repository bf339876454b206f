import Channels
import Payments

/// The facts in an answer whose signature and subject were verified.
struct AlipayTradeAnswer {
    let node: AlipayNode
    let orderNo: String

    func ofQuery() throws(ChannelMessageError) -> ChannelObservation? {
        guard try isSuccess() else { return notFound() }
        guard let text = node["trade_status"] else {
            throw .malformed("its node has no trade_status")
        }
        let total = try node.money("total_amount")
        let paidAt = try node.time("send_pay_date")
        switch try AlipayTradeStatus(in: text) {
        case .waiting: return seen(.waiting, amount: total)
        case .success: return seen(.paid, amount: total, at: paidAt)
        case .finished: return seen(.finished, amount: total, at: paidAt)
        case .closed:
            guard paidAt != nil else { return seen(.closed, amount: total) }
            // A query's answer lists no refunds; a trade closed after payment is refunded in full.
            guard let total else { throw .malformed("its node has no total_amount") }
            return seen(
                .refunded(refundNo: nil, refundAmount: nil, cumulative: total), amount: total)
        }
    }

    func ofClose() throws(ChannelMessageError) -> ChannelObservation? {
        // A refusal because of the trade's state doesn't name the state.
        try isSuccess() ? seen(.closed) : notFound()
    }

    func ofCancel() throws(ChannelMessageError) -> ChannelObservation? {
        // Of a paid trade the answer has neither the refund's number nor its amount, and without an
        // action there was no trade: both are queried.
        try isSuccess() && node["action"] == "close" ? seen(.closed) : nil
    }

    func ofRefund() throws(ChannelMessageError) -> ChannelObservation? {
        // Without a change of funds the answer doesn't prove that a refund took place.
        guard try isSuccess(), node["fund_change"] == "Y" else { return nil }
        guard let cumulative = try node.money("refund_fee") else {
            throw .malformed("its node has no refund_fee")
        }
        // The answer doesn't name the refund: as it was signed, it fits every refund of the order.
        // It says the sum; the query's answer, which names the refund, proves it.
        return seen(
            .refunded(refundNo: nil, refundAmount: nil, cumulative: cumulative),
            at: try node.time("gmt_refund_pay"))
    }

    func ofRefundQuery() throws(ChannelMessageError) -> ChannelObservation? {
        guard try isSuccess(), node["refund_status"] == "REFUND_SUCCESS",
            let refundNo = node["out_request_no"]
        else { return nil }
        guard let own = try node.money("refund_amount") else {
            throw .malformed("its node has no refund_amount")
        }
        // The answer has no cumulative amount: at least this refund.
        return seen(
            .refunded(refundNo: refundNo, refundAmount: own, cumulative: own),
            amount: try node.money("total_amount"), at: try node.time("gmt_refund_pay"))
    }

    private func isSuccess() throws(ChannelMessageError) -> Bool {
        try node.code() == AlipayVerdict.success
    }

    private func notFound() -> ChannelObservation? {
        // A refused close often names no order: then it proves nothing about this one.
        guard node["sub_code"] == AlipayVerdict.tradeNotExist, node["out_trade_no"] != nil else {
            return nil
        }
        return seen(.notFound)
    }

    private func seen(
        _ kind: ChannelObservation.Kind, amount: Money? = nil, at time: Timestamp? = nil
    ) -> ChannelObservation {
        ChannelObservation(
            orderNo: orderNo, tradeNo: node["trade_no"], kind: kind, amount: amount, at: time)
    }
}
