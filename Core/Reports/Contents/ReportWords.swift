import Payments
import Sentences

/// The database's words for people; a word that isn't known is shown as it is.
extension Language {
    func differenceKind(_ word: String) -> String {
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

    func lineKind(_ word: String) -> String {
        switch word {
        case "trade": self("payment", "支付")
        case "refund": self("refund", "退款")
        default: word
        }
    }

    func differenceStatus(_ word: String) -> String {
        switch word {
        case "open": self("open", "未处理")
        case "escalated": self("escalated", "已升级")
        case "resolved": self("resolved", "已处理")
        default: word
        }
    }

    func payoutStatus(_ word: String) -> String {
        switch word {
        case "requested": self("requested", "待出款")
        case "processing": self("processing", "处理中")
        case "succeeded": self("paid", "已出款")
        case "failed": self("failed", "失败")
        default: word
        }
    }

    func account(_ word: String) -> String {
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
}
