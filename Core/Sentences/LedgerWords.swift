public import Payments

/// The database's words for people; a word that isn't known is shown as it is.
extension Language {
    /// A kind of difference, from the platform's viewpoint.
    public func differenceKind(_ word: String) -> String {
        switch DifferenceKind(rawValue: word) {
        case .platformOnly: self("platform only", "长款（仅平台有）")
        case .channelOnly: self("channel only", "短款（仅渠道有）")
        case .amountMismatch: self("amount mismatch", "金额不符")
        case .statusMismatch: self("status mismatch", "状态不符")
        case .feeMismatch: self("fee mismatch", "手续费不符")
        case .duplicate: self("duplicate", "重复")
        case nil: word
        }
    }

    /// `trade` or `refund`.
    public func lineKind(_ word: String) -> String {
        switch word {
        case "trade": self("payment", "支付")
        case "refund": self("refund", "退款")
        default: word
        }
    }

    /// A state of a difference.
    public func differenceStatus(_ word: String) -> String {
        switch word {
        case "open": self("open", "未处理")
        case "escalated": self("escalated", "已升级")
        case "resolved": self("resolved", "已处理")
        default: word
        }
    }

    /// A state of a payout.
    public func payoutStatus(_ word: String) -> String {
        switch word {
        case "requested": self("requested", "待出款")
        case "processing": self("processing", "处理中")
        case "succeeded": self("paid", "已出款")
        case "failed": self("failed", "失败")
        default: word
        }
    }

    /// A kind of account.
    public func account(_ word: String) -> String {
        switch AccountKind(rawValue: word) {
        case .channelReceivable: self("channel receivable", "应收渠道款")
        case .merchantPayable: self("merchant payable", "应付商户款")
        case .agentPayable: self("agent payable", "应付代理商分润")
        case .platformRevenue: self("platform revenue", "平台收入")
        case .payoutInTransit: self("payout in transit", "在途出款")
        case .reconciliationDifference: self("reconciliation difference", "对账差额")
        case .bank: self("bank", "银行存款")
        case nil: word
        }
    }

    /// What a person may do with a difference.
    public func action(_ action: DifferenceResolution.Action) -> String {
        switch action {
        case .accept: self("accept", "认可")
        case .writeOff: self("write off", "核销")
        case .dismiss: self("dismiss", "不入账了结")
        }
    }

    /// What an action does, as a sentence without its end.
    public func effect(of action: DifferenceResolution.Action) -> String {
        switch action {
        case .accept:
            self(
                "the line is that of our order or refund: it is settled with our amount, and the "
                    + "ledger takes over what the channel says",
                "该行即本平台订单或退款：按平台金额结算，应收渠道款以渠道为准")
        case .writeOff:
            self(
                "the platform bears the loss or keeps the gain", "由平台承担损失或计入收益")
        case .dismiss:
            self(
                "nothing is booked: the channel corrects it, or the line isn't ours",
                "不入账：由渠道更正，或非本平台业务")
        }
    }

    /// Why a person decided.
    public func reason(_ reason: DifferenceResolution.Reason) -> String {
        switch reason {
        case .channelError: self("the channel's error", "渠道差错")
        case .ourError: self("our error", "平台差错")
        case .notOurs: self("not ours", "非本平台业务")
        case .rounding: self("rounding", "尾差")
        case .other: self("other (needs a comment)", "其他（须备注）")
        }
    }
}
