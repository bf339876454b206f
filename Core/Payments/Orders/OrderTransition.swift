extension OrderState {
    /// The effect of an observation on the order.
    ///
    /// The transitions are `accepted → paying → paid → partially_refunded → refunded`, the first
    /// two also to `closed`, and `closed → paid`, which is late. No observation undoes a payment or
    /// a refund, and a repeated one changes nothing. That the channel has no such trade closes an
    /// order only once its payment time has ended: until then the payer can still open the cashier,
    /// also where the merchant wants the order closed.
    /// - Parameters:
    ///   - observation: a fact that the channel stated.
    ///   - source: how it came; only an answer proves a refund.
    ///   - expected: the fields that the observation must match.
    ///   - now: business time; used where the observation has no time.
    public func applying(
        _ observation: ChannelObservation, from source: ChannelObservation.Source,
        expected: ExpectedOrder, now: Timestamp
    ) -> OrderDecision {
        if let mismatch = expected.mismatch(with: observation) { return .mismatch(mismatch) }
        var state = self
        var changes: [OrderChange] = []
        let time = observation.at ?? now
        switch observation.kind {
        case .notFound:
            guard time >= expected.expiresAt else { break }
            changes += state.close(at: time)
        case .waiting:
            changes += state.open(observation)
        case .closed:
            changes += state.close(at: time)
            state.recordTradeNo(of: observation)
        case .paid, .finished:
            changes += state.pay(observation, at: time)
        case .refunded(let number, let amount, let cumulative):
            let refund = RefundObservation(
                refundNo: number, amount: amount, cumulative: cumulative,
                isProven: source == .answer,
                requested: number.flatMap {
                    expected.requestedRefunds[$0] ?? expected.failedRefunds[$0]
                })
            if let mismatch = state.mismatch(with: refund) { return .mismatch(mismatch) }
            changes += state.pay(observation, at: time)
            changes += state.refund(refund)
        }
        return state == self ? .unchanged : .changed(state, changes)
    }

    private mutating func open(_ observation: ChannelObservation) -> [OrderChange] {
        recordTradeNo(of: observation)
        guard status == .accepted else { return [] }
        status = .paying
        return [.paying]
    }

    private mutating func close(at time: Timestamp) -> [OrderChange] {
        closedAt = closedAt.map { min($0, time) } ?? time
        if status.isPaid {
            // A close that is observed after the payment makes the payment late all the same.
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
            recordTradeNo(of: observation)
            return []
        }
        // The paid trade's number replaces that of a trade seen waiting before.
        channelTradeNo = observation.tradeNo ?? channelTradeNo
        isLate = isLate || status == .closed || closedAt != nil
        status = .paid
        return [.paid(late: isLate)]
    }

    private mutating func recordTradeNo(of observation: ChannelObservation) {
        channelTradeNo = channelTradeNo ?? observation.tradeNo
    }
}
