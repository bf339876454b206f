import Channels
import Payments

/// The facts in a notification whose signature was verified (channel protocol §3.1).
struct AlipayTradeNotice {
    let form: AlipayForm

    /// The trade's amount; every notification of a trade has it.
    func total() throws(ChannelMessageError) -> Money {
        guard let total = try money("total_amount") else {
            throw .malformed("it has no total_amount")
        }
        return total
    }

    func kind(
        _ status: AlipayTradeStatus
    ) throws(ChannelMessageError) -> ChannelObservation.Kind {
        if let cumulative = try cumulativeRefund(), status != .waiting {
            let requestNo = try form.text("out_request_no")
            return .refunded(
                refundNo: try requestNo == nil ? form.text("out_biz_no") : requestNo,
                refundAmount: try money("refund_amount"), cumulative: cumulative)
        }
        switch status {
        case .waiting: return .waiting
        case .success: return .paid
        case .finished: return .finished
        case .closed:
            // Closed after a payment: it was refunded in full.
            guard try time("gmt_payment") != nil else { return .closed }
            return .refunded(refundNo: nil, refundAmount: nil, cumulative: try total())
        }
    }

    /// The time of the refund, the closing or the payment that the notification is about.
    func at() throws(ChannelMessageError) -> Timestamp? {
        if try cumulativeRefund() != nil {
            let refundedAt = try time("gmt_refund")
            return try refundedAt == nil ? time("gmt_close") : refundedAt
        }
        if try form.text("trade_status") == AlipayTradeStatus.closed.rawValue {
            return try time("gmt_close")
        }
        return try time("gmt_payment")
    }

    private func cumulativeRefund() throws(ChannelMessageError) -> Money? {
        guard let fee = try money("refund_fee"), fee > .zero else { return nil }
        return fee
    }

    private func money(_ name: String) throws(ChannelMessageError) -> Money? {
        guard let text = try form.text(name) else { return nil }
        do { return try Money(yuan: text) } catch { throw .malformed("\(name): \(error)") }
    }

    private func time(_ name: String) throws(ChannelMessageError) -> Timestamp? {
        guard let text = try form.text(name) else { return nil }
        guard let time = Timestamp(shanghai: text) else {
            throw .malformed("\(name) is not a time: '\(text.prefix(32))'")
        }
        return time
    }
}
