public import Payments

/// The channel's trades: event in, response and notices out; no clock and no sockets.
///
/// The state machine of the channel protocol §4: a trade is created when the payer opens the
/// cashier, expires at `time_expire`, and is closed by a refund in full.
public struct TradeBook: Sendable {
    /// Every trade by `out_trade_no`.
    public private(set) var trades: [String: Trade] = [:]
    /// The seller's balance, which refunds are paid from; `nil` is no limit.
    public private(set) var sellerBalance: Money?
    private var waiting: Set<String> = []
    private var sequence = 0

    /// A book without trades.
    public init(sellerBalance: Money? = nil) { self.sellerBalance = sellerBalance }

    /// Applies an event that happens at `now`.
    public mutating func apply(_ event: TradeEvent, at now: Timestamp) -> TradeOutcome {
        switch event {
        case .arrive(let terms, let evenIfExpired):
            arrive(terms, evenIfExpired: evenIfExpired, at: now)
        case .pay(let orderNo, let evenIfClosed, let paidAt):
            pay(orderNo, evenIfClosed: evenIfClosed, paidAt: paidAt, at: now)
        case .close(let orderNo): close(orderNo, at: now)
        case .cancel(let orderNo): cancel(orderNo, at: now)
        case .refund(let orderNo, let requestNo, let amount):
            refund(orderNo, requestNo: requestNo, amount: amount, at: now)
        case .tick:
            TradeOutcome(
                response: .none, notices: waiting.sorted().flatMap { expire($0, at: now) })
        }
    }

    private mutating func arrive(
        _ terms: TradeTerms, evenIfExpired: Bool, at now: Timestamp
    ) -> TradeOutcome {
        let notices = evenIfExpired ? [] : expire(terms.orderNo, at: now)
        if let trade = trades[terms.orderNo] {
            guard trade.terms.amount == terms.amount, trade.terms.subject == terms.subject else {
                return refused(.contextInconsistent, notices)
            }
            switch trade.status {
            case .waiting: return TradeOutcome(response: .done(trade, changed: false), notices: [])
            case .paid: return refused(.hasSuccess, notices)
            case .closed where trade.paidAt == nil && evenIfExpired:
                return TradeOutcome(response: .done(trade, changed: false), notices: [])
            case .closed: return refused(.hasClose, notices)
            }
        }
        if let expiry = terms.expiresAt, now >= expiry, !evenIfExpired {
            return refused(.hasClose, notices)
        }
        sequence += 1
        let trade = Trade(
            tradeNo: Self.tradeNo(sequence, at: now), terms: terms, status: .waiting,
            createdAt: now)
        trades[trade.orderNo] = trade
        waiting.insert(trade.orderNo)
        return TradeOutcome(response: .done(trade, changed: true), notices: notices)
    }

    private mutating func pay(
        _ orderNo: String, evenIfClosed: Bool, paidAt: Timestamp?, at now: Timestamp
    ) -> TradeOutcome {
        let notices = evenIfClosed ? [] : expire(orderNo, at: now)
        guard var trade = trades[orderNo] else { return refused(.notExist, notices) }
        switch trade.status {
        case .paid: return refused(.hasSuccess, notices)
        case .closed where !evenIfClosed || trade.paidAt != nil:
            return refused(.hasClose, notices)
        case .waiting, .closed: break
        }
        trade.status = .paid
        trade.paidAt = paidAt ?? now
        trade.bookedAt = paidAt == nil ? nil : now
        trade.closedAt = nil
        keep(trade)
        sellerBalance = sellerBalance.map { $0 + trade.terms.amount }
        return TradeOutcome(response: .done(trade, changed: true), notices: [.paid(trade)])
    }

    private mutating func close(_ orderNo: String, at now: Timestamp) -> TradeOutcome {
        let notices = expire(orderNo, at: now)
        guard var trade = trades[orderNo] else { return refused(.notExist, notices) }
        guard trade.status == .waiting else { return refused(.statusError, notices) }
        trade.status = .closed
        trade.closedAt = now
        keep(trade)
        return TradeOutcome(response: .done(trade, changed: true), notices: [.closed(trade)])
    }

    private mutating func cancel(_ orderNo: String, at now: Timestamp) -> TradeOutcome {
        let notices = expire(orderNo, at: now)
        guard let trade = trades[orderNo] else { return refused(.notExist, notices) }
        switch trade.status {
        case .waiting: return close(orderNo, at: now)
        case .closed: return TradeOutcome(response: .done(trade, changed: false), notices: notices)
        case .paid:
            guard let paidAt = trade.paidAt,
                BusinessDay.containing(paidAt) == BusinessDay.containing(now)
            else { return refused(.cancelTimeOut, notices) }
            let rest = trade.terms.amount - trade.refunded
            return refund(orderNo, requestNo: orderNo, amount: rest, at: now)
        }
    }

    private mutating func refund(
        _ orderNo: String, requestNo: String, amount: Money, at now: Timestamp
    ) -> TradeOutcome {
        let notices = expire(orderNo, at: now)
        guard var trade = trades[orderNo] else { return refused(.notExist, notices) }
        guard trade.paidAt != nil else {
            return refused(trade.status == .closed ? .hasClose : .statusError, notices)
        }
        if let earlier = trade.refunds.first(where: { $0.requestNo == requestNo }) {
            guard earlier.amount == amount else { return refused(.discordantRepeat, notices) }
            return TradeOutcome(response: .done(trade, changed: false), notices: notices)
        }
        guard amount > .zero else { return refused(.invalidParameter, notices) }
        guard amount <= trade.terms.amount - trade.refunded else {
            return refused(.refundTooLarge, notices)
        }
        if let balance = sellerBalance {
            guard amount <= balance else { return refused(.balanceNotEnough, notices) }
            sellerBalance = balance - amount
        }
        let refund = TradeRefund(
            requestNo: requestNo, amount: amount, cumulative: trade.refunded + amount,
            refundedAt: now)
        trade.refunds.append(refund)
        if refund.cumulative == trade.terms.amount {
            trade.status = .closed
            trade.closedAt = now
        }
        keep(trade)
        return TradeOutcome(
            response: .done(trade, changed: true), notices: [.refunded(trade, refund)])
    }

    /// Closes the trade if it is waiting and expired.
    private mutating func expire(_ orderNo: String, at now: Timestamp) -> [TradeNotice] {
        guard var trade = trades[orderNo], trade.status == .waiting,
            let expiry = trade.terms.expiresAt, now >= expiry
        else { return [] }
        trade.status = .closed
        trade.closedAt = expiry
        keep(trade)
        return [.closed(trade)]
    }

    private mutating func keep(_ trade: Trade) {
        trades[trade.orderNo] = trade
        if trade.status != .waiting { waiting.remove(trade.orderNo) }
    }

    private func refused(_ refusal: TradeRefusal, _ notices: [TradeNotice]) -> TradeOutcome {
        TradeOutcome(response: .refused(refusal), notices: notices)
    }

    /// 28 digits: the day, the seller's range and a running number.
    private static func tradeNo(_ sequence: Int, at now: Timestamp) -> String {
        let digits = String(sequence)
        let zeros = String(repeating: "0", count: max(0, 16 - digits.count))
        return BusinessDay.containing(now).compact + "2200" + zeros + digits
    }
}
