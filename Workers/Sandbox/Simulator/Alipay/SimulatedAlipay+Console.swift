public import Payments

/// What people do at the channel's own console, without a call of the platform.
extension SimulatedAlipay {
    /// Refunds a part or all of a trade; the platform is notified as of its own refunds.
    /// - Parameter requestNo: the refund's number; by default one that the channel chooses.
    /// - Returns: the refund; the reason where it is refused.
    @discardableResult
    public func refundAtConsole(
        orderNo: String, amount: Money, requestNo: String? = nil
    ) async -> Result<TradeRefund, ConsoleRefusal> {
        let number = requestNo ?? nextConsoleRefundNo()
        let outcome = apply(.refund(orderNo: orderNo, requestNo: number, amount: amount))
        await notify(outcome.notices)
        switch outcome.response {
        case .done(let trade, _):
            guard let refund = trade.refunds.first(where: { $0.requestNo == number }) else {
                return .failure(ConsoleRefusal(reason: .notExist))
            }
            return .success(refund)
        case .refused(let refusal): return .failure(ConsoleRefusal(reason: refusal))
        case .none: return .failure(ConsoleRefusal(reason: .invalidParameter))
        }
    }

    /// Closes an unpaid trade; the platform is notified.
    /// - Returns: whether it was closed.
    @discardableResult
    public func closeAtConsole(orderNo: String) async -> Bool {
        let outcome = apply(.close(orderNo: orderNo))
        await notify(outcome.notices)
        guard case .done = outcome.response else { return false }
        return true
    }
}
