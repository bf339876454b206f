import Payments
import Sentences
import Store

extension DifferenceDecisions.Refusal {
    /// Why nothing was decided, for the page's reader.
    func text(_ say: Language) -> String {
        let chinese =
            switch self {
            case .unknown(let id): "差异 \(id) 不存在。"
            case .resolved(let id, _): "差异 \(id) 已处理，请刷新页面。"
            case .waits(_, let maker): "\(maker) 的处理意见正等待他人复核。"
            case .nothingWaits: "没有等待复核的处理意见，请刷新页面。"
            case .ownDecision: "不能复核自己提交的处理意见，须由他人复核或驳回。"
            case .commentMissing: "原因为“其他”时须填写备注。"
            case .commentUnreadable: "备注最多 1000 字，且不得含控制字符。"
            case .changed: "提交后订单或退款已变化，请驳回后重新处理。"
            }
        return say("Nothing was changed: \(self).", "未做任何更改：\(chinese)")
    }
}

extension DifferenceRefusal {
    /// Why an action doesn't fit, for the page's reader.
    func text(_ say: Language) -> String {
        let chinese =
            switch self {
            case .nothingToAccept: "仅一方有记录，不能认可，请核销或不入账了结。"
            case .notOpenHere: "订单或退款在本平台尚未生效，或已与其他行一致，不能认可。"
            case .acceptInstead: "双方均有记录，请认可或不入账了结。"
            case .becomesMatched: "订单或退款已在本平台生效，下次对账将自动一致。"
            case .notSettled: "尚未向商户结算，无可核销金额，请不入账了结。"
            }
        return say("Nothing was changed: \(self).", "未做任何更改：\(chinese)")
    }
}
