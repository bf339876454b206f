/// Why the channel refuses; the raw value is its `sub_code` (channel protocol §1.9).
public enum TradeRefusal: String, Sendable {
    /// No such trade, or the payer hasn't opened the cashier yet.
    case notExist = "ACQ.TRADE_NOT_EXIST"
    /// Already paid.
    case hasSuccess = "ACQ.TRADE_HAS_SUCCESS"
    /// Closed.
    case hasClose = "ACQ.TRADE_HAS_CLOSE"
    /// The same number with other terms.
    case contextInconsistent = "ACQ.CONTEXT_INCONSISTENT"
    /// A cancel after the day of the payment.
    case cancelTimeOut = "ACQ.TRADE_CANCEL_TIME_OUT"
    /// The state doesn't permit it.
    case statusError = "ACQ.TRADE_STATUS_ERROR"
    /// More than the trade's amount less its refunds.
    case refundTooLarge = "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"
    /// The same refund number with another amount.
    case discordantRepeat = "ACQ.DISCORDANT_REPEAT_REQUEST"
    /// The seller's balance doesn't cover the refund.
    case balanceNotEnough = "ACQ.SELLER_BALANCE_NOT_ENOUGH"
    /// A parameter is missing or wrong.
    case invalidParameter = "ACQ.INVALID_PARAMETER"

    /// Whether only a caller that broke a rule gets it.
    var isViolation: Bool {
        switch self {
        case .contextInconsistent, .refundTooLarge, .discordantRepeat, .invalidParameter: true
        case .notExist, .hasSuccess, .hasClose, .statusError, .balanceNotEnough,
            .cancelTimeOut:
            false
        }
    }

    /// `sub_msg`; for people, no caller may depend on it.
    var message: String {
        switch self {
        case .notExist: "交易不存在"
        case .hasSuccess: "交易已被支付"
        case .hasClose: "交易已经关闭"
        case .contextInconsistent: "交易信息被篡改"
        case .cancelTimeOut: "超过撤销时间范围"
        case .statusError: "交易状态不合法"
        case .refundTooLarge: "退款金额超限"
        case .discordantRepeat: "请求信息不一致"
        case .balanceNotEnough: "卖家余额不足"
        case .invalidParameter: "参数无效"
        }
    }
}
