extension OrderState {
    /// What an observation makes of the order.
    ///
    /// The ways are `accepted → paying → paid → partially_refunded → refunded`, the first two also
    /// to `closed`, and `closed → paid`, which is late. No observation undoes a payment or a
    /// refund, and a repeated one changes nothing.
    /// - Parameters:
    ///   - observation: what the channel said.
    ///   - expected: what the order was made with.
    ///   - now: the time by the caller's clock; stands in where the channel told none.
    public func applying(
        _ observation: ChannelObservation, expected: ExpectedOrder, now: Timestamp
    ) -> OrderDecision {
        if let mismatch = expected.mismatch(with: observation) { return .mismatch(mismatch) }
        var state = self
        var changes: [OrderChange] = []
        let time = observation.at ?? now
        switch observation.kind {
        case .notFound:
            // An answer from before the expiry doesn't tell that the order stayed unpaid after it.
            guard time >= expected.expiresAt || expected.closeRequested else { break }
            changes += state.close(at: time)
        case .waiting:
            changes += state.open(observation)
        case .closed:
            changes += state.close(at: time)
            state.note(observation)
        case .paid, .finished:
            changes += state.pay(observation, at: time)
        case .refunded(let number, let amount, let cumulative):
            let refund = RefundObservation(
                refundNo: number, amount: amount, cumulative: cumulative)
            if let mismatch = state.mismatch(with: refund) { return .mismatch(mismatch) }
            changes += state.pay(observation, at: time)
            changes += state.refund(refund)
        }
        return state == self ? .unchanged : .changed(state, changes)
    }

    private mutating func open(_ observation: ChannelObservation) -> [OrderChange] {
        note(observation)
        guard status == .accepted else { return [] }
        status = .paying
        return [.paying]
    }

    private mutating func close(at time: Timestamp) -> [OrderChange] {
        closedAt = closedAt.map { min($0, time) } ?? time
        if status.isPaid {
            // Told after the payment it came before, the closing still makes the payment late.
            isLate = true
            return []
        }
        if status == .closed { return [] }
        status = .closed
        return [.closed]
    }

    private mutating func pay(
        _ observation: ChannelObservation, at time: Timestamp
    ) -> [OrderChange] {
        paidAt = paidAt.map { min($0, time) } ?? time
        if status.isPaid {
            note(observation)
            return []
        }
        // The trade that was paid is the order's, whatever was seen waiting before.
        channelTradeNo = observation.tradeNo ?? channelTradeNo
        isLate = isLate || status == .closed || closedAt != nil
        status = .paid
        return [.paid(late: isLate)]
    }

    private mutating func note(_ observation: ChannelObservation) {
        channelTradeNo = channelTradeNo ?? observation.tradeNo
    }
}
