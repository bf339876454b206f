import Channels

/// Alipay's states of a trade (channel protocol §4).
enum AlipayTradeStatus: String, Sendable {
    case waiting = "WAIT_BUYER_PAY"
    case success = "TRADE_SUCCESS"
    case closed = "TRADE_CLOSED"
    case finished = "TRADE_FINISHED"

    /// - Throws: `malformed` for a state that the protocol doesn't list.
    init(in text: String) throws(ChannelMessageError) {
        guard let status = AlipayTradeStatus(rawValue: text) else {
            throw .malformed("the trade status '\(text.prefix(32))' is unknown")
        }
        self = status
    }
}
